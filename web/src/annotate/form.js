// the fields of the form and what they and their codes are called, in the reader's language

import { pageData } from "../data.js";
import * as i18n from "../i18n.js";
import { t } from "../i18n.js";

export const form = pageData("form");
const byName = new Map(form.fields.map((field) => [field.name, field]));

/** @type {(texts: { [language: string]: string } | undefined, otherwise: string) => string} */
const inLanguage = (texts, otherwise) =>
  texts?.[i18n.language] ?? texts?.en ?? Object.values(texts ?? {})[0] ?? otherwise;
/** @param {string} name */
export const title = (name) => inLanguage(byName.get(name)?.titles, name);
/** @param {string} name */
export const description = (name) => inLanguage(byName.get(name)?.descriptions, "");
/** @param {string} name @param {any} code */
export const label = (name, code) =>
  code === null || code === undefined || code === ""
    ? t("note.unstated")
    : inLanguage(byName.get(name)?.values.find(([value]) => value === code)?.[1], String(code));
/** @param {string} name */
export const field = (name) => byName.get(name);
