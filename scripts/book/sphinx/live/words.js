// The texts of the live pages in the page's language; the Chinese ones come from one table.
const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
const table = language === "zh" ? await (await fetch(new URL("words.json", import.meta.url))).json() : {};

export function word(text, values = {}) {
  return (table[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export { language };
