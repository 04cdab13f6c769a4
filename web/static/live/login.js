// The login page: its words in the language and colours chosen before.

import { byId } from "../shared/dom.js";
import { applyTheme } from "../shared/theme.js";
import { switchLanguage, translate } from "./words.js";

applyTheme();
translate();
byId("language").addEventListener("click", switchLanguage);
