// before anything is painted: light or dark, and no word in a language that the reader did not ask for
import { dark, language, state } from "../reader.js";

const root = document.documentElement;
root.dataset.theme = (state().get("theme") ?? (dark.matches ? "dark" : "light")) === "dark" ? "dark" : "light";
root.toggleAttribute("data-waiting", (state().get("lang") ?? language()) !== "en");
