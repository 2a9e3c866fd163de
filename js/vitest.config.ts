import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    // Files share their worker, three times as fast: what a test puts in place of something is taken away.
    pool: "threads",
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    // A slow machine is not an error.
    testTimeout: 60_000,
    // What passing tests write on the console is of no interest.
    silent: "passed-only",
    // What only a real browser can tell is tested there, and not counted here.
    coverage: { include: ["src/**"], reporter: ["text-summary"] },
  },
});
