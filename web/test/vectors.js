// the vectors that Python runs too: tests/vectors/ and the older ones beside the tests
import { readFileSync } from "node:fs";

export const vectors = (name) => JSON.parse(readFileSync(new URL(`../../tests/${name}`, import.meta.url), "utf8"));
