/** The host's colours: resolved from the root's style, and again when the host changes its theme. */
import type { Theme } from "../scatter";

/** By which marimo, VS Code and Colab say their theme, where it is not by a class. */
const OTHERS = ["data-theme", "data-vscode-theme-id", "theme"];

export interface HostTheme extends Theme {
  dark: boolean;
}

export function readTheme(root: HTMLElement): HostTheme {
  root.style.colorScheme = hostScheme(root);
  const style = getComputedStyle(root);
  const background = style.backgroundColor;
  const dark = isDark(background);
  // The host's theme and not the system's decides how the browser draws sliders and menus.
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
  // A host sets its attribute before the style sheet of the new theme is in force.
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

/** Of colours that the host does not name: light or dark as the page around is, or else as the system is. */
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
