// Takes every regular expression out of scripts and runs it on texts made to hold it up; see tests/test_patterns.py.
import { readFileSync } from "node:fs";

const [small, large, ratio, ...files] = process.argv.slice(2).map((word, at) => (at < 3 ? Number(word) : word));
const MEASURABLE_MS = 8;
const PIECES = [
  ..."aA10-+.,;:/_=&%#@([{<>)]}'\"\\° \t\n\0", "é", "a ", "1 ", "1,", "1.", "a.", "a@", "<a ", "[1,", '{"a":', '"a",', "\\u", "\r\n",
];
// a slash begins an expression where no value stands before it
const LITERAL = /(?:^|[(,=:[!&|?{};+]|\breturn)\s*\/((?:[^\/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/gm;
const BUILT = /new RegExp\(\s*(["'`])((?:[^\\\n]|\\.)*?)\1/g;

function expressions(text) {
  const listed = [...text.matchAll(LITERAL)].map(([, source, flags]) => [source, flags]);
  for (const [, , source] of text.matchAll(BUILT)) {
    listed.push([source.replaceAll("\\\\", "\\"), "u"]);
  }
  return listed.flatMap(([source, flags]) => {
    try {
      return [new RegExp(source, `${flags.replace(/[gy]/g, "")}g`)];
    } catch {
      return [];
    }
  });
}

function pieces(source) {
  const plain = source.replace(/\\[dD]/g, "1").replace(/\\s/g, " ").replace(/\\w/g, "a").replace(/\(\?[:=!<]+|[()^$?*+|]|\{[\d,]+\}/g, "");
  const text = plain.replace(/\[\^?\\?(.)[^\]]*\]/g, "$1").replace(/\\(.)/g, "$1");
  const cuts = [1, 2, 3, text.length >> 1, text.length - 1, text.length].map((end) => text.slice(0, end));
  return [...new Set([...PIECES, ...cuts])].filter(Boolean);
}

function milliseconds(expression, text, times) {
  let least = Infinity;
  for (let time = 0; time < times; time += 1) {
    // processor time: another program that takes the machine is no fault of the expression
    const start = process.cpuUsage();
    for (const match of text.matchAll(expression)) void match;
    least = Math.min(least, process.cpuUsage(start).user / 1000);
  }
  return least;
}

// the digits of one number, which are few
const SHORT = ["\\B(?=(\\d{3})+$)"];

function slow(expression) {
  if (SHORT.includes(expression.source)) return null;
  for (const piece of pieces(expression.source)) {
    const text = (size) => `${piece.repeat(size / piece.length)}\u0002`;
    if (milliseconds(expression, text(1000), 1) > 5 * MEASURABLE_MS) return piece;
    const before = milliseconds(expression, text(small), 1);
    if (before > 40 * MEASURABLE_MS) return piece;
    if (before > MEASURABLE_MS && milliseconds(expression, text(large), 2) > ratio * before) return piece;
  }
  return null;
}

let count = 0;
for (const file of files) {
  for (const expression of expressions(readFileSync(file, "utf8"))) {
    count += 1;
    const piece = slow(expression);
    if (piece !== null) {
      console.error(`${file}: ${expression} on ${JSON.stringify(piece)}`);
      process.exitCode = 1;
    }
  }
}
console.log(`${count} expressions`);
