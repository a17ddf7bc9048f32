// Lints a Dockerfile (stdin); prints one line a mistake.
import { createRequire } from "node:module";

const { validate } = createRequire(`${process.argv[2]}/`)("dockerfile-utils");
const text = await new Promise(done => { let all = ""; process.stdin.on("data", part => all += part).on("end", () => done(all)); });
for (const mistake of validate(text, {})) console.log(`${mistake.range.start.line + 1}: ${mistake.message}`);
