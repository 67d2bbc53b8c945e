// Everything lands under hashed names beside a manifest; Django's templates look names up in it (django-vite).
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "../src/broadsheet/web/static/broadsheet",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0, // a data: address would need a wider Content-Security-Policy
    modulePreload: { polyfill: false },
    target: "es2023",
    cssTarget: ["chrome125", "firefox128", "safari18"], // all know light-dark(), nesting and container queries
    rolldownOptions: {
      // theme stands alone: it runs before the first paint, so nothing may be imported
      input: { main: "frontend/main.ts", theme: "frontend/theme.ts" },
    },
  },
});
