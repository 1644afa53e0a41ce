/** The look of the page: light and dark, from a phone to a wide screen, and on paper. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fbfbfa; --card: #ffffff; --ink: #1d2125; --soft: #5b646e; --line: #e3e5e8;
  --accent: #0b6e63; --tint: #e5f3f0; --code: #f3f4f5; --warn: #94520b; --warn-tint: #fbeeda;
  --k: #0b5c8a; --s: #0a6b3d; --n: #8a3fa0; --l: #9a4a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131619; --card: #1a1e22; --ink: #e4e7ea; --soft: #9aa4ae; --line: #2c3238;
    --accent: #5fd0bd; --tint: #17332f; --code: #21262b; --warn: #f0b46a; --warn-tint: #3a2a14;
    --k: #7cc4f0; --s: #86d6a4; --n: #d7a3e8; --l: #f0a869;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
code, pre { font-family: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.875em; }
.page { display: grid; grid-template-columns: 15rem minmax(0, 54rem); gap: 3.5rem; justify-content: center; padding: 0 1.5rem; }
nav.wide { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 3rem 0 2rem; font-size: 0.9rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav ul ul { margin: 0.15rem 0 0.9rem; padding-left: 0.8rem; border-left: 1px solid var(--line); }
nav li a { display: block; padding: 0.12rem 0; color: var(--soft); overflow-wrap: anywhere; }
nav li a.channel { color: var(--ink); font-weight: 600; }
nav li a:hover { color: var(--accent); }
nav a.old { text-decoration: line-through; }
details.narrow { display: none; }
main { padding: 3rem 0 4rem; min-width: 0; }
h1, h2, h3 { line-height: 1.2; margin: 0; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h1 { font-size: 2.1rem; }
h2 { font-size: 1.5rem; }
h3 { font-size: 1.1rem; font-family: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
h2 a, h3 a { color: inherit; }
p { margin: 0.6rem 0; overflow-wrap: anywhere; }
header p.lead { color: var(--soft); margin-top: 0.4rem; }
header .prose { font-size: 1.05rem; max-width: 44rem; }
section { margin-top: 3.2rem; }
p.path { margin: 0.5rem 0 0.9rem; }
p.path code { font-size: 0.95rem; color: var(--soft); }
p.path b { color: var(--accent); font-weight: 600; }
p.title { margin-top: 0.25rem; color: var(--soft); }
p.older { color: var(--soft); font-size: 0.92rem; }
p.try { margin: 1.1rem 0 0.35rem; font-size: 0.8rem; color: var(--soft); }
.badge, .mark { display: inline-block; border-radius: 99px; font: 500 0.72rem/1.5 system-ui, sans-serif; letter-spacing: 0; vertical-align: 0.1em; }
.badge { padding: 0.05rem 0.6rem; background: var(--tint); color: var(--accent); }
.badge.warn { background: var(--warn-tint); color: var(--warn); }
.mark { color: var(--soft); }
.mark.warn { color: var(--warn); }
.card { margin-top: 1.4rem; padding: 1.25rem 1.4rem 1.4rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.card:target, section:target > h2 { outline: 2px solid var(--accent); outline-offset: 3px; }
.card.old h3 a { text-decoration: line-through; text-decoration-color: var(--warn); }
.card p:last-child { margin-bottom: 0; }
p code, td code, .data code { padding: 0.08em 0.35em; border-radius: 4px; background: var(--code); overflow-wrap: anywhere; }
p.path code { padding: 0; background: none; }
table.fields { width: 100%; margin: 0.9rem 0 0; border-collapse: collapse; font-size: 0.92rem; }
.fields thead th { padding: 0 0.8rem 0.35rem 0; color: var(--soft); font-size: 0.75rem; font-weight: 500; text-align: left; }
.fields tbody th, .fields td { padding: 0.45rem 0.8rem 0.45rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: baseline; font-weight: 400; }
.fields tbody th { width: 32%; padding-left: calc(var(--depth, 0) * 1.1rem); overflow-wrap: anywhere; }
.fields tbody th code { font-weight: 600; }
.fields .from { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.fields td.type { width: 28%; color: var(--soft); overflow-wrap: anywhere; }
.fields td:last-child { padding-right: 0; overflow-wrap: anywhere; }
.fields .said { display: block; }
.fields .rules { display: block; color: var(--soft); font-size: 0.86rem; }
.fields .rules span + span::before { content: " · "; }
.fields tr.option th { padding-top: 0.8rem; color: var(--soft); font-size: 0.86rem; width: auto; }
.fields tr.option th code { font-weight: 500; }
.fields tr.old th code { text-decoration: line-through; }
pre { margin: 1rem 0 0; padding: 0.85rem 1rem; overflow-x: auto; border-radius: 8px; background: var(--code); line-height: 1.5; }
p.try + pre { margin-top: 0; }
pre.shell, pre.frame { white-space: pre-wrap; overflow-wrap: anywhere; }
pre.json { max-height: 30rem; overflow: auto; }
.json .k { color: var(--k); } .json .s { color: var(--s); } .json .n { color: var(--n); } .json .l { color: var(--l); }
.shell .c { color: var(--soft); }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.82rem; }
@media (max-width: 60rem) {
  .page { display: block; padding: 0 1rem; max-width: 54rem; margin: 0 auto; }
  nav.wide { display: none; }
  details.narrow { display: block; margin-top: 1.4rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
  details.narrow summary { padding: 0.65rem 1rem; cursor: pointer; font-weight: 600; }
  details.narrow nav { padding: 0 1rem 0.8rem; }
  details.narrow li a { padding: 0.3rem 0; }
  main { padding-top: 1.6rem; }
}
@media (max-width: 40rem) {
  h1 { font-size: 1.7rem; }
  .card { padding: 1rem; }
  .fields thead { display: none; }
  .fields, .fields tbody, .fields tr, .fields th, .fields td { display: block; width: auto; }
  .fields tbody tr { padding: 0.55rem 0 0.55rem calc(var(--depth, 0) * 1rem); border-top: 1px solid var(--line); }
  .fields tbody th, .fields td, .fields td.type, .fields tr.option th { width: auto; padding: 0; border: 0; }
  .fields td { font-size: 0.9rem; }
  pre.json { white-space: pre-wrap; overflow-wrap: anywhere; }
}
@media print {
  nav.wide, details.narrow { display: none; }
  .page { display: block; }
  .card { break-inside: avoid; }
  pre, pre.json { white-space: pre-wrap; max-height: none; }
}
`
