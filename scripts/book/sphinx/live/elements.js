// Elements of a page.

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// A link that saves a text as a file.
export function link(label, text, name) {
  const href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  return make("a", { href, download: name }, label);
}
