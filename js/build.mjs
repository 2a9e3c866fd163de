/** Builds the bundles. Style sheets are texts in them, which esbuild would leave as they were written. */
import { readFile } from "node:fs/promises";
import { build, transform } from "esbuild";

const minifiedStyles = {
  name: "minified styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      const { code } = await transform(css, { loader: "css", minify: true, target: "es2022" });
      return { contents: code, loader: "text" };
    });
  },
};

await build({
  entryPoints: { widget: "src/index.ts", bundle: "src/bundle.ts", page: "src/page.ts" },
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  outdir: "../tsne_widget/static",
  logLevel: "info",
  plugins: [minifiedStyles],
});
