/* Questions that answer.  "Think first", "Predict" and "Looking back" become choices, or a number or
   a shape to enter; what is said to each answer stands in the page already, below "Answer", and
   nowhere else.  Without this script the page reads as it stands.  The output that a prediction is
   compared with is covered until then. */

import {asked as questions, element, isList, keep, leading} from "./reading.js";

export function askQuestions() {
  const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

  const plain = said => said.replace(/[−–]/g, "-").replace(/[\s,_]/g, "");

  /* A number as a reader writes it: 0.25, −2, 1/3, 101,770, 1e-3; NaN for anything else. */
  const number = said => {
    const parts = plain(said.replace(/×10\^?/, "e")).split("/");
    if (parts.length > 2 || !parts.every(part => NUMBER.test(part))) return NaN;
    return parts.map(Number).reduce((a, b) => a / b);
  };

  /* A shape as a reader writes it: (5, 3), 5 x 3, (5,); null for anything else. */
  const shape = said => {
    const inside = said.trim().replace(/^[([]|[)\]]$/g, "").replace(/,\s*$/, "").trim();
    const sizes = inside === "" ? [] : inside.split(/\s*[,x×]\s*|\s+/i);
    return sizes.every(size => /^([A-Za-z]\d?|\d+)$/.test(size)) ? sizes.join(", ") : null;
  };

  /* How far from the right number an answer may lie: as it says, else half a unit of its last digit. */
  const tolerance = (said, after) => {
    const stated = /^\s*\(±\s*([^)]*)\)/.exec(after);
    if (stated) return number(stated[1]);
    const [digits, exponent = 0] = plain(said).toLowerCase().split("e");
    const places = (digits.split(".")[1] ?? "").length;
    return places ? 0.5 * 10 ** (exponent - places) : 1e-9 * Math.abs(number(said));
  };

  /* What stands below "Answer": the right answer, what is said to it, what is said to others. */
  const read = (box, answer) => {
    const body = answer.querySelector(".sd-summary-content");
    const right = leading(body);
    if (!right) return null;
    const others = new Map(), explanation = [];
    for (const block of body.children) {
      if (isList(block)) [...block.children].forEach(item => others.set(leading(item).said, item));
      else explanation.push(block);
    }
    const list = [...box.children].find(isList);
    const after = right.strong.nextSibling?.textContent ?? "";
    return {right: right.said, others, explanation, list, after};
  };

  const copies = nodes => nodes.map(node => node.cloneNode(true));

  /* Covers the output below a prediction; the function that is returned shows it. */
  const cover = box => {
    const isBelow = place => box.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING;
    const output = [...document.querySelectorAll(".cell_output")].find(isBelow);
    if (!output || globalThis.courseProgress?.get("question", box.id)) return () => {}; // on a page of questions, or seen before
    const button = element("button", {type: "button", class: "question-uncover"}, "Predict what is printed here first, or show it");
    const show = () => {
      button.remove();
      output.classList.remove("question-covered");
    };
    button.addEventListener("click", () => {
      show();
      output.tabIndex = -1; // whoever pressed the button by keyboard reads on here
      output.focus();
    });
    output.classList.add("question-covered");
    output.before(button);
    return show;
  };

  /* How far a prediction is from what was printed. */
  const distance = (given, printed) => {
    const off = given - number(printed);
    return `You predicted ${given.toLocaleString("en", {maximumSignificantDigits: 6})}, and ${printed} is printed: `
      + `${Number(Math.abs(off).toPrecision(3)).toLocaleString("en", {maximumSignificantDigits: 3})} too ${off > 0 ? "high" : "low"}.`;
  };

  const ask = (box, answer) => {
    const asked = read(box, answer);
    if (!asked) return;
    const status = element("div", {class: "question-says", role: "status"});
    const isPrediction = box.matches(".prediction");
    const show = isPrediction ? cover(box) : () => {};
    let tries = 0;

    const say = (isRight, ...nodes) => {
      status.className = `question-says ${isRight ? "question-right" : "question-wrong"}`;
      status.replaceChildren(element("p", {}, element("strong", {}, isRight ? "Right." : "Not this.")), ...nodes);
      tries += 1;
      if (isRight) answer.open = true;
      keep(box.id, tries, isRight);
    };
    const feedback = item => {
      const copy = item.cloneNode(true);
      leading(copy).strong.classList.add("question-chosen");
      return [...copy.childNodes];
    };
    const judge = (said, given) => {
      if (said === asked.right) say(true, ...copies(asked.explanation));
      else if (isPrediction && given !== undefined) {
        const known = asked.others.get(said);
        say(false, element("p", {}, distance(given, asked.right)), ...(known ? feedback(known) : copies(asked.explanation)));
      }
      else if (asked.others.has(said)) say(false, ...feedback(asked.others.get(said)));
      else say(false, element("p", {}, "Try again, or open the answer."));
      if (given !== undefined) show();
    };

    const form = asked.list ? choices(asked, judge) : entry(asked, judge);
    if (!form) return;
    box.classList.add("question");
    if (asked.list) asked.list.replaceWith(form);
    else box.append(form);
    box.append(status);
  };

  const choices = (asked, judge) => {
    const buttons = element("div", {class: "question-choices", role: "group", "aria-label": "Choose one"});
    for (const item of asked.list.children) {
      const {said} = leading(item);
      const label = item.cloneNode(true);
      label.querySelectorAll("a").forEach(link => link.replaceWith(...link.childNodes)); // no button in a button
      const content = label.querySelector(":scope > p") ?? label;
      const button = element("button", {type: "button", "aria-pressed": "false"}, ...content.childNodes);
      button.addEventListener("click", () => {
        for (const other of buttons.children) other.setAttribute("aria-pressed", String(other === button));
        judge(said);
      });
      buttons.append(button);
    }
    return buttons;
  };

  const entry = (asked, judge) => {
    const isShape = /^\(.*\)$/.test(asked.right) && shape(asked.right) !== null;
    if (!isShape && Number.isNaN(number(asked.right))) return null;
    const hint = isShape ? "a shape, such as (5, 3)" : "a number";
    const input = element("input", {type: "text", autocomplete: "off", spellcheck: "false", "aria-label": `Your answer: ${hint}`, placeholder: hint});
    const button = element("button", {type: "submit"}, "Check");
    const form = element("form", {class: "question-entry"}, input, button);
    const near = (given, wanted, slack) => Math.abs(given - number(wanted)) <= slack * (1 + 1e-9);

    form.addEventListener("submit", event => {
      event.preventDefault();
      const given = isShape ? shape(input.value) : number(input.value);
      const same = isShape
        ? said => shape(said) === given
        : (said, slack) => near(given, said, slack ?? tolerance(said, ""));
      if (given === null || Number.isNaN(given)) return judge("");
      if (same(asked.right, isShape ? null : tolerance(asked.right, asked.after))) return judge(asked.right, given);
      judge([...asked.others.keys()].find(said => same(said)) ?? "", given);
    });
    return form;
  };

  for (const [box, answer] of questions("Think first", "Predict", "Looking back")) ask(box, answer);
}
