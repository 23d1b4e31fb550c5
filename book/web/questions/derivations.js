/* Derivations in order.  The lines of "In order" are moved into the reader's own derivation, by mouse,
   touch or keyboard; which follow from which stands below "Derivation" and nowhere else: a line that
   belongs there says "(first)" or "(after A and B)", the others are mistakes. */

import {asked, element, isList, keep, leading} from "./reading.js";

const AFTER = /^\s*\((first|after [^)]*)\)\s*/;

/* {letter: {needs: letters or null for a mistake, item: what is said to it}} */
function read(answer) {
  const list = [...answer.querySelector(".sd-summary-content").children].find(isList);
  return Object.fromEntries([...list.children].map(item => {
    const {strong, said} = leading(item);
    const belongs = AFTER.exec(strong.nextSibling.textContent);
    return [said, {needs: belongs && (belongs[1].match(/\b[A-Z]\b/g) ?? []), item}];
  }));
}

/* What is said to a line. */
function sentence({item}) {
  const copy = item.cloneNode(true);
  const after = leading(copy).strong.nextSibling;
  after.textContent = after.textContent.replace(AFTER, " ");
  return copy.childNodes;
}

/* The first line that is wrong, what is still missing, or nothing. */
export function judge(order, lines) {
  const above = new Set();
  for (const letter of order) {
    const {needs} = lines[letter];
    if (needs === null) return {letter, why: "mistake"};
    if (!needs.every(needed => above.has(needed))) return {letter, why: "too early"};
    above.add(letter);
  }
  const missing = Object.values(lines).filter(line => line.needs !== null).length - above.size;
  return missing ? {missing} : {};
}

const button = (label, name) => element("button", {type: "button", "aria-label": name, title: name}, label);

function order(box, answer) {
  const offered = [...box.children].find(isList);
  const lines = read(answer);
  const mine = element("ol", {class: "derivation-mine", "aria-label": "Your derivation"});
  const rest = element("ul", {class: "derivation-rest", "aria-label": "Lines to choose from"});
  const says = element("div", {class: "question-says", role: "status"});
  let tries = 0;

  const say = (kind, ...nodes) => {
    says.className = `question-says ${kind}`;
    says.replaceChildren(...nodes);
  };
  const place = line => {
    const position = [...mine.children].indexOf(line) + 1;
    say("", position ? `Line ${line.dataset.letter} is number ${position} of your derivation.` : `Line ${line.dataset.letter} is taken out.`);
    [...mine.children, ...rest.children].forEach(other => other.classList.remove("derivation-wrong"));
  };

  const putBack = row => {
    const after = rows.slice(rows.indexOf(row) + 1).find(other => other.parentElement === rest);
    rest.insertBefore(row, after ?? null);
  };

  /* By mouse or finger: the row follows into the place above which the pointer is. */
  const drag = (grip, row) => {
    grip.addEventListener("pointerdown", event => {
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
      row.classList.add("derivation-dragged");
    });
    grip.addEventListener("pointermove", ({clientX, clientY}) => {
      if (!row.classList.contains("derivation-dragged")) return;
      const under = document.elementFromPoint(clientX, clientY);
      const list = under?.closest(".derivation-mine, .derivation-rest");
      if (list === rest && row.parentElement === mine) putBack(row);
      if (list !== mine) return;
      const over = under.closest("li");
      if (!over) mine.append(row);
      else if (over !== row) {
        const {top, height} = over.getBoundingClientRect();
        clientY < top + height / 2 ? over.before(row) : over.after(row);
      }
    });
    const drop = () => {
      if (!row.classList.contains("derivation-dragged")) return;
      row.classList.remove("derivation-dragged");
      place(row);
    };
    grip.addEventListener("pointerup", drop);
    grip.addEventListener("pointercancel", drop);
  };

  const rows = [...offered.children].map(item => {
    const {said} = leading(item);
    const content = item.querySelector(":scope > p") ?? item;
    const press = element("button", {type: "button", class: "derivation-line"}, ...content.childNodes);
    const up = button("↑", `Move line ${said} up`);
    const down = button("↓", `Move line ${said} down`);
    const out = button("×", `Take line ${said} out`);
    const grip = element("span", {class: "derivation-grip", "aria-hidden": "true"}, "⠿");
    const row = element("li", {"data-letter": said}, grip, press, element("span", {class: "derivation-tools"}, up, down, out));

    press.addEventListener("click", () => {
      if (row.parentElement === mine) return;
      const next = (row.nextElementSibling ?? row.previousElementSibling)?.querySelector(".derivation-line");
      mine.append(row);
      place(row);
      (next ?? check).focus();
    });
    up.addEventListener("click", () => {
      row.previousElementSibling?.before(row);
      place(row);
      up.focus();
    });
    down.addEventListener("click", () => {
      row.nextElementSibling?.after(row);
      place(row);
      down.focus();
    });
    out.addEventListener("click", () => {
      putBack(row);
      place(row);
      press.focus();
    });
    drag(grip, row);
    return row;
  });
  const check = element("button", {type: "button"}, "Check");
  check.addEventListener("click", () => {
    const {letter, why, missing} = judge([...mine.children].map(row => row.dataset.letter), lines);
    const paragraph = (strong, ...rest) => element("p", {}, element("strong", {}, strong), " ", ...rest);
    rows.forEach(row => row.classList.toggle("derivation-wrong", row.dataset.letter === letter));
    if (missing) {
      const more = missing === 1 ? "One more line is" : `${missing} more lines are`;
      return say("", paragraph(mine.children.length ? "So far each line follows." : "Nothing stands here yet.", `${more} needed.`));
    }
    tries += 1;
    keep(box.id, tries, !letter);
    if (why === "mistake") say("question-wrong", paragraph("Not this line:"), ...sentence(lines[letter]));
    else if (why === "too early") {
      const early = `Line ${letter} is true, and stands here too early: something that it follows from is not above it.`;
      say("question-wrong", paragraph("Not yet.", early), ...sentence(lines[letter]));
    } else {
      say("question-right", paragraph("Right.", "Each line follows from those above it, and none is missing."));
      answer.open = true;
    }
  });
  const again = element("button", {type: "button"}, "Start over");
  again.addEventListener("click", () => {
    rows.forEach(row => rest.append(row));
    rows.forEach(row => row.classList.remove("derivation-wrong"));
    say("");
  });

  rest.append(...rows);
  box.classList.add("question");
  const heading = words => element("p", {class: "derivation-heading"}, words);
  offered.replaceWith(
    heading("Your derivation"), mine, heading("Lines to choose from"), rest,
    element("div", {class: "question-entry"}, check, again), says,
  );
}

export function askDerivations() {
  for (const [box, answer] of asked("In order")) order(box, answer);
}
