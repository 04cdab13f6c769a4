// The login page: its words in the language and colours chosen before.

import { applyTheme } from "./theme.js";
import { language, setLanguage, translate } from "./i18n.js";

applyTheme();
translate(document);
document.getElementById("language").addEventListener("click", () => setLanguage(language() === "zh" ? "en" : "zh"));
