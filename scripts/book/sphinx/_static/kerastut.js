const SCRIPT = document.currentScript.src;
document.addEventListener("DOMContentLoaded", () => {
  // The other edition is opened at the section that is being read: anchors are the same in both.
  const other = document.querySelector(".kt-language");
  other?.addEventListener("click", () => {
    const above = [...document.querySelectorAll("article section[id]")].filter(
      (section) => section.getBoundingClientRect().top < window.innerHeight / 4,
    );
    if (window.scrollY > 0 && above.length) other.hash = above.at(-1).id;
  });
  // Where the wheel lies, seen from wherever this page was served.
  for (const place of document.querySelectorAll(".kt-address")) {
    const line = place.querySelector("pre") ?? place;
    line.textContent = line.textContent.replace(/(\.\.\/)+wheel\/[^\s'"]+/, (path) => new URL(path, location.href).href);
  }
  // What runs in the page is loaded when it is asked for.
  for (const section of document.querySelectorAll(".kt-live")) {
    const [button, note] = [section.querySelector("button"), section.querySelector("[role=status]")];
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        if (location.protocol === "file:") throw new Error(section.dataset.served);
        const { start } = await import(new URL("../../live/start.js", SCRIPT));
        await start(section, note);
        button.parentElement.remove();
      } catch (error) {
        note.textContent = section.dataset.failed.replace("{error}", error.message);
        button.disabled = false;
      }
    });
  }
});
// Printed, folded answers and code are open.
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details:not([open])")) folded.open = true;
});
