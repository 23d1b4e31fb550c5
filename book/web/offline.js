/* The service worker that keeps the course for reading without a network. It is registered by a click.

   A cache belongs to one build of the site: the next one fills its own and then takes over. Python,
   whose address says its version, has another, which stays. */
const SITE = registration.scope;
const OURS = `course:${new URL(SITE).pathname}:`;
const COURSE = OURS + VERSION; // VERSION, FILES, PYODIDE: from the build
const PYODIDE_FOLDER = new URL(PYODIDE, SITE).href.replace(/[^/]*$/, "");
const PYTHON = OURS + PYODIDE_FOLDER;
const PACKAGES = ["numpy", "matplotlib"];
const START = ["pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"];

addEventListener("install", event => event.waitUntil(keep().then(() => skipWaiting())));
addEventListener("activate", event => event.waitUntil(takeOver()));
addEventListener("fetch", event => {
  const {method, url} = event.request;
  const ours = url.startsWith(PYODIDE_FOLDER) || (url.startsWith(SITE) && !url.startsWith(`${SITE}lite/`));
  if (ours && ["GET", "HEAD"].includes(method)) event.respondWith(answer(event.request));
});

async function keep() {
  const site = await caches.open(COURSE);
  await site.addAll(FILES.map(file => new Request(new URL(file, SITE), {cache: "no-cache"})));
  const python = await caches.open(PYTHON);
  const have = new Set((await python.keys()).map(({url}) => url));
  const {packages} = await (await fetch(`${PYODIDE_FOLDER}pyodide-lock.json`)).json();
  const wheels = [...closure(PACKAGES, packages)].map(name => packages[name].file_name);
  const missing = [...START, ...wheels].map(file => PYODIDE_FOLDER + file).filter(url => !have.has(url));
  await python.addAll(missing);
}

/* The packages and all that they need. */
function closure(names, packages, found = new Set()) {
  for (const name of names) {
    if (!found.has(name)) closure(packages[found.add(name) && name].depends, packages, found);
  }
  return found;
}

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith(OURS) && ![COURSE, PYTHON].includes(name)) await caches.delete(name);
  }
  await clients.claim();
}

async function answer(request) {
  const url = new URL(request.url);
  if (url.pathname.endsWith("/")) url.pathname += "index.html";
  const cache = await caches.open(request.url.startsWith(PYODIDE_FOLDER) ? PYTHON : COURSE);
  const kept = await cache.match(url, {ignoreSearch: true});
  if (!kept) return fetch(request);
  if (request.method === "GET") return kept;
  const length = (await kept.arrayBuffer()).byteLength;
  return new Response(null, {headers: {"Content-Length": length}}); // no ranges: the file is here
}
