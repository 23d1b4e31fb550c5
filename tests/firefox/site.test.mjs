/* The built site in Firefox, as far as browsers differ: `make test-firefox`.

   SITE: its folder; PYTHON: serves it.  FIREFOX: where it is, else the machine's. */
import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {once} from "node:events";
import {readdirSync, readFileSync} from "node:fs";
import {join, resolve} from "node:path";
import {after, before, test} from "node:test";
import {pathToFileURL} from "node:url";
import puppeteer from "puppeteer-core";

const {PYTHON, FIREFOX = "/usr/bin/firefox"} = process.env;
const SITE = resolve(process.env.SITE);
const PAGES = readdirSync(SITE, {recursive: true}).filter(path => path.endsWith(".html")
  && !/^(_static|lite|404)/.test(path) && !readFileSync(join(SITE, path), "utf8").includes("This page has moved")).sort();
const WITH_EXPLORERS = PAGES.filter(path => readFileSync(join(SITE, path), "utf8").includes('class="explorer"'));
const fromDisk = path => pathToFileURL(join(SITE, path)).href;

let server, host, browser;

before(async () => {
  const serve = ["-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", SITE, "0"];
  server = spawn(PYTHON, serve, {stdio: ["ignore", "pipe", "ignore"]});
  const [said] = await once(server.stdout, "data");
  host = /http:\/\/[\d.:]+\//.exec(said)[0];
  browser = await puppeteer.launch({browser: "firefox", executablePath: FIREFOX, headless: true});
});

after(async () => {
  await browser?.close();
  server.kill();
});

/* Opens a page; its `said` are the console's errors and warnings. */
async function open(address) {
  const page = await browser.newPage();
  page.said = [];
  page.on("console", message => ["error", "warn"].includes(message.type()) && page.said.push(message.text()));
  page.on("pageerror", error => page.said.push(String(error)));
  await page.setViewport({width: 1280, height: 900});
  await page.goto(address);
  return page;
}

for (const path of PAGES) {
  test(`${path} opens from the disk without a word in the console, and no formula is empty`, async () => {
    const page = await open(fromDisk(path));
    const empty = await page.$$eval("math", all =>
      all.filter(math => math.checkVisibility() && !math.getBoundingClientRect().width).map(math => math.outerHTML));
    assert.deepEqual([page.said, empty], [[], []]);
    await page.close();
  });
}

for (const path of WITH_EXPLORERS) {
  test(`the explorers of ${path} move, and follow the page into the dark`, async () => {
    const page = await open(fromDisk(path));
    for (const explorer of await page.$$(".explorer")) {
      await explorer.scrollIntoView();
      await page.waitForFunction(root => root.querySelector(".picture").dataset.place !== undefined, {}, explorer);
      const shown = () => explorer.evaluate(root =>
        [...root.querySelectorAll(".picture")].find(picture => picture.offsetHeight).innerHTML
        + root.querySelector(".explorer-description").textContent);
      const start = await shown();
      const control = await explorer.$("[data-axis]:last-of-type input:not(:checked)");
      const isSlider = await control.evaluate(input => input.type === "range" && input.focus());
      if (isSlider === false) await control.click();
      else await page.keyboard.press(await control.evaluate(({value, max}) => value === max ? "ArrowLeft" : "ArrowRight"));
      assert.notEqual(await shown(), start);
    }
    const colors = theme => page.evaluate(theme => {
      document.documentElement.dataset.theme = theme;
      return [...document.querySelectorAll(".picture text")].map(text => getComputedStyle(text).fill).join();
    }, theme);
    assert.notEqual(await colors("dark"), await colors("light"));
    await page.close();
  });
}

test("the glass box steps", async () => {
  const page = await open(fromDisk("chapters/05_backpropagation.html"));
  const box = await page.$(".glass-box");
  const known = () => box.$$eval(".wide :is(.value, .gradient):not(:empty)", all => all.length);
  const step = await box.$("[data-step='1']");
  await step.click(); // from the last step to before the first
  const given = await known();
  await step.click();
  assert.ok(await known() > given);
  await page.close();
});

test("a tick is there on the next visit", async () => {
  const page = await open(`${host}chapters/checklist.html`);
  await (await page.$(".task-list-item input")).click();
  await page.reload();
  assert.ok(await page.$eval(".task-list-item input", box => box.checked));
  await page.close();
});

test("a task is answered wrong, right and without end", {timeout: 300_000}, async () => {
  const page = await open(`${host}exercises/01_forward_pass.html`);
  const cell = await page.$("#cell-relu-answer");
  await cell.scrollIntoView();
  const editor = await cell.waitForSelector(".cm-content");
  const check = async body => {
    await editor.click();
    await page.keyboard.down("Control");
    await page.keyboard.press("a");
    await page.keyboard.up("Control");
    await page.keyboard.type(`def relu(z):\n${body}`); // the editor indents
    await (await cell.waitForSelector(".practice-first")).click();
  };
  const ends = async status => {
    await page.waitForFunction((cell, status) => cell.querySelector(".practice-status").textContent.match(status),
      {timeout: 120_000}, cell, status);
    return cell.$eval(".practice-output", output => output.textContent);
  };
  await check("return np.maximum(z, 1)");
  assert.match(await ends("^Checked"), /^✗ relu 1\/3/);
  await check("return np.maximum(z, 0)");
  assert.match(await ends("^Checked: 3 of 3"), /^✓ relu 3\/3/);
  await check("while True: pass");
  assert.match(await ends("^Checked: 0 of 3"), /does every loop end\?/);
  assert.deepEqual(page.said, []);
  await page.close();
});
