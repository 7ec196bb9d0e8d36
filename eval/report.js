"use strict";
// Hides the questions that are not asked for. Without it, all of them are there.
const bar = document.getElementById("filter");
const questions = [...document.querySelectorAll("details.question")];
const count = document.getElementById("count");
const said = new Map(
  questions.map((question) => [
    question,
    [...question.querySelectorAll(".asked, .answer")]
      .map((part) => part.textContent)
      .join(" ")
      .toLowerCase(),
  ]),
);
const wanted = {};
for (const name of ["standing", "language", "tag", "words"]) {
  wanted[name] = document.getElementById("by-" + name);
}

function fits(question) {
  const { standing, language, tags } = question.dataset;
  const words = wanted.words.value.trim().toLowerCase();
  return (
    (!wanted.standing.value || wanted.standing.value === standing) &&
    (!wanted.language.value || wanted.language.value === language) &&
    (!wanted.tag.value || tags.split("\n").includes(wanted.tag.value)) &&
    (!words || said.get(question).includes(words))
  );
}

function show() {
  let shown = 0;
  for (const question of questions) {
    question.hidden = !fits(question);
    shown += !question.hidden;
  }
  count.textContent = `${shown} of ${questions.length} shown`;
}

for (const field of Object.values(wanted)) field.addEventListener("input", show);
bar.hidden = false;
show();
