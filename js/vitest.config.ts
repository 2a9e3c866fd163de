import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    // What passing tests write on the console is of no interest.
    silent: "passed-only",
    // What only a real browser can tell is tested there, and not counted here.
    coverage: { include: ["src/**"], reporter: ["text-summary"] },
  },
});
