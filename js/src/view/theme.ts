/** The host's colours, read from the root's style, and read again when the host changes its theme. */
import type { Theme } from "../scatter";

/** The attributes with which marimo, VS Code and Colab name their theme if they use no class. */
const OTHERS = ["data-theme", "data-vscode-theme-id", "theme"];

export interface HostTheme extends Theme {
  dark: boolean;
}

export function readTheme(root: HTMLElement): HostTheme {
  root.style.colorScheme = hostScheme(root);
  const style = getComputedStyle(root);
  const background = style.backgroundColor;
  const dark = isDark(background);
  // The browser draws sliders and menus for the host's theme, not the system's.
  root.style.colorScheme = dark ? "dark" : "light";
  return {
    background,
    foreground: style.color,
    accent: style.getPropertyValue("--tw-accent").trim(),
    dark,
  };
}

/** Calls back when the host may have changed its colours; returns how to stop. */
export function watchTheme(root: HTMLElement, changed: () => void): () => void {
  let timer = 0;
  // A host sets its attribute before the new theme's style sheet applies.
  const soon = () => {
    changed();
    clearTimeout(timer);
    timer = window.setTimeout(changed, 300);
  };
  const observer = new MutationObserver(soon);
  const attributes = {
    attributes: true,
    attributeFilter: ["class", "data-jp-theme-name", "data-jp-theme-light", ...OTHERS],
  };
  observer.observe(document.body, attributes);
  observer.observe(document.documentElement, attributes);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", soon);
  root.addEventListener("transitionend", soon);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    scheme.removeEventListener("change", soon);
    root.removeEventListener("transitionend", soon);
  };
}

/** Light or dark for colours that the host does not define: as the page around is, or else the system. */
function hostScheme(root: HTMLElement): string {
  const around = getComputedStyle(root.parentElement ?? root).colorScheme;
  if (around !== "normal") return around;
  // Colab, see googlecolab/colabtools#1214
  return document.documentElement.getAttribute("theme") ?? "light dark";
}

function isDark(css: string): boolean {
  const [r, g, b] = (css.match(/[\d.]+/g) ?? []).map(Number);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 128;
}
