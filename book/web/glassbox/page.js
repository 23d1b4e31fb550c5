/* The glass-box network of a page: what the reader presses, and what is shown then. */
import {fromAddress, toAddress} from "./address.js";
import {entry, numbers, written} from "./numbers.js";
import {steps, wayToTheLoss} from "./steps.js";
import {gradientOf, nameOf, summary, valueOf} from "./words.js";

const PAUSE = 1100; // milliseconds of a step that is played
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const GIVEN = "xwbvcy"; // what can be changed

class GlassBox {
  constructor(root) {
    this.root = root;
    this.start = JSON.parse(root.dataset.network);
    this.network = structuredClone(this.start);
    this.direction = "backward";
    this.edited = "w-1-1";
    this.last();
    this.parts = Map.groupBy(root.querySelectorAll(".part"), part => part.dataset.key);
    this.edges = Map.groupBy(root.querySelectorAll(".edge"), edge => edge.dataset.edge);
    this.listen();
    this.readAddress();
    this.show();
  }

  get D() {
    return this.network.x.length;
  }

  get H() {
    return this.network.b1.length;
  }

  get steps() {
    return steps(this.direction, this.D, this.H);
  }

  /* Where all is known and nothing is told. */
  last() {
    this.step = this.steps.length;
    this.telling = false;
    this.asked = null;
  }

  // --- what the reader does ---

  listen() {
    const {root} = this;
    for (const svg of root.querySelectorAll("svg")) {
      svg.setAttribute("role", "group");
      const parts = svg.querySelectorAll(".part");
      parts.forEach((part, i) => {
        part.setAttribute("role", "button");
        part.setAttribute("tabindex", i ? -1 : 0); // one stop for Tab; arrows go on
      });
    }
    root.addEventListener("click", ({target}) => {
      const part = target.closest(".part"), button = target.closest("button");
      if (part) this.ask(part.dataset.key);
      if (button) this.press(button);
    });
    root.addEventListener("keydown", event => this.key(event));
    root.addEventListener("input", ({target}) => this.change(target));
    root.addEventListener("change", () => this.show()); // a number that is none goes back
    addEventListener("hashchange", () => this.readAddress() && this.show());
    CALM.addEventListener("change", () => this.pause());
    matchMedia("print").addEventListener("change", () => this.pause());
    for (const fieldset of root.querySelectorAll("fieldset")) fieldset.disabled = false;
  }

  press({dataset}) {
    const playing = this.timer;
    this.pause();
    if ("play" in dataset && !playing) this.play();
    if ("step" in dataset) this.go(this.step + +dataset.step);
    if ("reset" in dataset) {
      this.network = structuredClone(this.start);
      this.last();
      this.share();
      this.show();
    }
  }

  key(event) {
    const part = event.target.closest(".part");
    if (!part) return;
    const all = [...part.parentNode.querySelectorAll(".part")];
    const at = all.indexOf(part);
    const to = {ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: -1}[event.key];
    if (event.key === "Enter" || event.key === " ") this.ask(part.dataset.key);
    else if (to !== undefined) focusOn(all.at(to % all.length), all);
    else return;
    event.preventDefault();
  }

  ask(key) {
    this.pause();
    this.asked = key;
    if (GIVEN.includes(key[0]) && !this.root.querySelector(`.glass-number[data-key="${key}"]`)) this.edited = key;
    for (const part of this.parts.get(key)) focusOn(part, part.parentNode.querySelectorAll(".part"), false);
    this.show();
  }

  change(input) {
    if (input.type === "radio") {
      this.pause();
      this.direction = input.value;
      this.last();
    } else {
      const number = input.valueAsNumber;
      if (!input.checkValidity() && !input.validity.stepMismatch || Number.isNaN(number)) return;
      entry(this.network, input.closest(".glass-number").dataset.key).set(number);
      this.share();
    }
    this.show(input);
  }

  // --- time ---

  go(step) {
    const places = this.steps.length + 1;
    this.step = (step + places) % places;
    this.telling = true;
    this.asked = null;
    this.show();
  }

  play() {
    if (this.step === this.steps.length) this.go(0);
    this.timer = setInterval(() => {
      this.go(this.step + 1);
      if (this.step === this.steps.length) this.pause();
    }, PAUSE);
    this.show();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.showPlaying();
  }

  // --- address ---

  share() {
    clearTimeout(this.sharing);
    this.sharing = setTimeout(() => history.replaceState(null, "", toAddress(this.network)), 300);
  }

  readAddress() {
    const network = fromAddress(location.hash, this.start);
    if (!network) return false;
    this.network = network;
    this.last();
    this.root.scrollIntoView();
    return true;
  }

  // --- what is seen ---

  show(source) {
    this.numbers = numbers(this.network);
    const {values, gradients} = this.numbers;
    const done = this.steps.slice(0, this.step).flatMap(({known}) => known);
    const forward = this.direction === "forward";
    const now = this.steps[this.step - 1];
    const moves = this.asked ?? (this.telling ? now?.about : null);
    const lit = this.asked ? wayToTheLoss(this.asked, this.H) : moves ? now.lit : [];
    for (const [key, parts] of this.parts) {
      const hasValue = !forward || GIVEN.includes(key[0]) || done.includes(key);
      const hasGradient = !forward && key in gradients && done.includes(key);
      const what = nameOf(key) + (hasGradient ? " and its gradient" : hasValue ? "" : ", not known yet");
      for (const part of parts) {
        put(part.querySelector(".value"), hasValue, values[key], "bc".includes(key[0]) ? "+ " : "");
        put(part.querySelector(".gradient"), hasGradient, gradients[key]);
        const seen = [...part.querySelectorAll("text:not(:empty)")].map(text => text.textContent);
        part.setAttribute("aria-label", [seen.join(" "), what].filter(Boolean).join(", "));
        part.classList.toggle("lit", key === moves || lit.includes(key) || (moves && now?.known.includes(key) && !this.asked));
        part.setAttribute("aria-pressed", key === this.asked);
      }
    }
    for (const [key, edges] of this.edges) {
      for (const edge of edges) edge.classList.toggle("lit", lit.includes(key));
    }
    this.root.classList.toggle("backward", !forward);
    this.say(moves);
    this.showNumbers(source);
    this.showPlaying();
  }

  say(about) {
    const lines = [];
    if (!about) {
      lines.push(summary(this.network, this.numbers), "Click a number: it says where it comes from.");
    } else {
      if (!this.asked) lines.push(`Step ${this.step} of ${this.steps.length}, ${this.direction}: ${nameOf(about)}.`);
      else lines.push(`${capital(nameOf(about))}${GIVEN.includes(about[0]) ? ` = ${written(this.numbers.values[about])}` : ""}.`);
      const value = valueOf(about, this.numbers, this.D, this.H);
      const gradient = gradientOf(about, this.numbers, this.H);
      if (value && (this.asked || this.direction === "forward")) lines.push(value);
      if (gradient && (this.asked || this.direction === "backward")) lines.push(gradient);
    }
    const says = this.root.querySelector(".glass-says");
    const text = lines.join("\n");
    if (says.textContent !== text) says.textContent = text;
    for (const svg of this.root.querySelectorAll("svg")) svg.setAttribute("aria-label", `The network, ${this.direction}`);
  }

  /* The sliders; the one the reader moves stays as it is. */
  showNumbers(source) {
    for (const box of this.root.querySelectorAll(".glass-number")) {
      if (/^[wbvc]/.test(box.dataset.key)) {
        box.dataset.key = this.edited;
        box.querySelector("span").textContent = nameOf(this.edited);
        box.querySelector("[type=number]").setAttribute("aria-label", nameOf(this.edited));
      }
      for (const input of box.querySelectorAll("input")) {
        if (input !== source) input.value = entry(this.network, box.dataset.key).get();
      }
    }
    for (const radio of this.root.querySelectorAll("[type=radio]")) radio.checked = radio.value === this.direction;
  }

  showPlaying() {
    const button = this.root.querySelector("[data-play]");
    button.textContent = this.timer ? "Pause" : "Play";
    button.setAttribute("aria-pressed", !!this.timer);
  }
}

/* A number that is known, else nothing; its exact value stands beside it. */
function put(text, known, number, before = "") {
  if (!text) return;
  text.textContent = known ? before + written(number) : "";
  if (known) text.dataset.number = number;
  else delete text.dataset.number;
}

function focusOn(part, all, move = true) {
  for (const other of all) other.setAttribute("tabindex", other === part ? 0 : -1);
  if (move) part.focus();
}

const capital = text => text[0].toUpperCase() + text.slice(1);

document.querySelectorAll(".glass-box").forEach(root => new GlassBox(root));
