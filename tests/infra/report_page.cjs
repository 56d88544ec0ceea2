// Markdown on stdin as a page that looks like GitHub's comments, on stdout.
const { readFileSync } = require("node:fs");
const { marked } = require("marked");

const look = readFileSync(require.resolve("github-markdown-css/github-markdown-light.css"), "utf8");
const own = `
body { margin: 0; padding: 12px; background: #fff; }
.markdown-body {
  box-sizing: border-box; width: 780px; padding: 16px; font-size: 14px;
  border: 1px solid #d1d9e0; border-radius: 6px;
}`;
const inside = marked.parse(readFileSync(0, "utf8"), { gfm: true });
process.stdout.write(
  `<!doctype html><meta charset="utf-8"><style>${look}${own}</style>` +
    `<article class="markdown-body">${inside}</article>`,
);
