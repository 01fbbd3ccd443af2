document.addEventListener("DOMContentLoaded", () => {
  // The other edition is opened at the section that is being read: anchors are the same in both.
  const other = document.querySelector(".kt-language");
  other?.addEventListener("click", () => {
    const above = [...document.querySelectorAll("article section[id]")].filter(
      (section) => section.getBoundingClientRect().top < 120,
    );
    if (window.scrollY > 0 && above.length) other.hash = above.at(-1).id;
  });
  // Where the wheel lies, seen from wherever this page was served.
  for (const place of document.querySelectorAll(".kt-address")) {
    const line = place.querySelector("pre") ?? place;
    line.textContent = line.textContent.replace(/(\.\.\/)+wheel\/[^\s'"]+/, (path) => new URL(path, location.href).href);
  }
});
// Printed, folded answers and code are open.
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details:not([open])")) folded.open = true;
});
