// Numbers as the page's reader writes them; browsers do not all know Kazakh.
const mark = document.documentElement.lang === "en" ? "." : ",";

export function decimal(value, digits) {
  return value.toFixed(digits).replace(/^-(?=[0.]*$)/, "").replace("-", "−").replace(".", mark);
}
