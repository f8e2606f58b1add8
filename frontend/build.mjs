// Bundles the sources into the folder given as the first argument; the build hook puts the results into the package.
import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const out = process.argv[2];
if (!out) throw new Error("usage: node build.mjs OUTPUT_FOLDER");

const common = {
  bundle: true,
  minify: true,
  logLevel: "warning",
  legalComments: "none", // THIRD-PARTY.txt carries the licences in full
  define: { "process.env.NODE_ENV": '"production"' },
};

await Promise.all([
  build({ ...common, entryPoints: { app: "src/app/main.ts" }, outdir: join(out, "static"), format: "esm", target: "es2022" }),
  build({ ...common, entryPoints: { app: "src/app/app.css" }, outdir: join(out, "static"), target: "es2022" }),
  build({ ...common, entryPoints: { charts: "src/charts/page.ts" }, outdir: join(out, "static"), format: "esm", target: "es2022" }),
  build({ ...common, entryPoints: { "echarts-ssr": "src/charts/ssr.ts" }, outdir: join(out, "report"), format: "iife", target: "es2022" }),
]);

// The licences of what the bundles contain.
const contained = ["echarts", "zrender", "tslib", "htmx.org"];
const sections = [];
for (const name of contained) {
  const folder = join("node_modules", name);
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && /^(licen[cs]e|notice|copyrightnotice)/i.test(entry.name));
  if (files.length === 0) throw new Error(`no licence file in ${folder}`);
  const texts = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), "utf8")));
  sections.push(`${name} ${version}\n${"=".repeat(60)}\n\n${texts.join("\n\n")}`);
}
await writeFile(join(out, "static", "THIRD-PARTY.txt"), sections.join("\n\n\n"));

// Noto Sans SC for documents: regular and bold, with its licence.
const fonts = "node_modules/@expo-google-fonts/noto-sans-sc";
await mkdir(join(out, "fonts"), { recursive: true });
await cp(join(fonts, "400Regular/NotoSansSC_400Regular.ttf"), join(out, "fonts", "NotoSansSC_400Regular.ttf"));
await cp(join(fonts, "700Bold/NotoSansSC_700Bold.ttf"), join(out, "fonts", "NotoSansSC_700Bold.ttf"));
await cp(join(fonts, "LICENSE_FONT"), join(out, "fonts", "OFL.txt"));
