/* Elements in one line. */
export function element(tag, properties = {}, ...children) {
  const {role, ...rest} = properties;
  const made = Object.assign(document.createElement(tag), rest);
  if (role) made.setAttribute("role", role);
  made.append(...children);
  return made;
}

/* name: what a screen reader says; it begins with the text that is seen. */
export function button(text, press, name = text) {
  const made = element("button", {type: "button", className: "btn btn-sm", textContent: text});
  made.setAttribute("aria-label", name);
  made.addEventListener("click", press);
  return made;
}
