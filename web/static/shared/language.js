// The language of the pages, and how all of them put their words in Chinese or English: each brings a table from keys to both.

import { choices, remember } from "./store.js";

export const language = () => (choices.language === "en" ? "en" : "zh");

/** 0 for Chinese, 1 for English: where the words of a key stand. */
export const column = () => (language() === "en" ? 1 : 0);

/** The words of a `{zh, en}` pair from the server; empty for none. */
export const say = (text) => (text ? text[language()] || text.zh || text.en || "" : "");

/** What puts a page's words into it: `t`, `translate`, `switchLanguage`. */
export function wordsOf(table) {
  /** The words for a key, `{n}` and the like filled in; the key itself when it is unknown. */
  function t(key, values = {}) {
    const words = (table[key] || [key, key])[column()];
    return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  /** Puts words into everything marked with data-i18n (its text), data-i18n-label (aria-label), data-i18n-title or data-i18n-placeholder. */
  function translate() {
    document.documentElement.lang = language() === "en" ? "en" : "zh-CN";
    document.title = `${t("title")} · posecoach`;
    for (const node of document.querySelectorAll("[data-i18n]")) node.textContent = t(node.dataset.i18n);
    for (const node of document.querySelectorAll("[data-i18n-label]")) node.setAttribute("aria-label", t(node.dataset.i18nLabel));
    for (const node of document.querySelectorAll("[data-i18n-title]")) node.title = t(node.dataset.i18nTitle);
    for (const node of document.querySelectorAll("[data-i18n-placeholder]")) node.placeholder = t(node.dataset.i18nPlaceholder);
  }

  function switchLanguage() {
    remember({ language: language() === "en" ? "zh" : "en" });
    translate();
  }

  return { t, translate, switchLanguage };
}
