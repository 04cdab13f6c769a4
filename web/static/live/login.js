// The login page: its words in the language and colours chosen before.

import { applyTheme } from "./theme.js";
import { switchLanguage, translate } from "./i18n.js";

applyTheme();
translate();
document.getElementById("language").addEventListener("click", switchLanguage);
