import { expect } from "chai";
import {
  describeTemplateMistake,
  InvalidTemplateError,
  parseTemplate,
  templateMistakes,
} from "../../../expressions/velocity";

const mistakesIn = (template: string) => templateMistakes(template).map(describeTemplateMistake);

describe("The mistakes of a Velocity template", () => {
  const cases: Record<string, string[]> = {
    'a\n  #foreach($item in $list)\n"$item"': ["line 2, column 3: #foreach is never closed: write #end"],
    "#end": ["line 1, column 1: #end closes or continues nothing: no #if or block is open"],
    "#if($a": [
      "line 1, column 7: the condition of #if is never closed: write ), but the end of the template follows",
      "line 1, column 1: #if is never closed: write #end",
    ],
    "#if $a": [
      'line 1, column 5: #if has its condition in parentheses, but "$a" follows',
      "line 1, column 1: #if is never closed: write #end",
    ],
    "#set($a 1)": ['line 1, column 9: #set assigns with =, but "1" follows'],
    "#set($a = 1 +)": ['line 1, column 14: a value is expected, not ")": write a reference, a string or a number'],
    "${name": ["line 1, column 7: a reference with ${ is never closed: write }, but the end of the template follows"],
    "$list.get($i + 1)": ['line 1, column 14: "+ 1)" cannot stand here'],
    "cost: 5$": [
      "line 1, column 8: the template ends within this: for a plain $ or #, assign it with #set and use the variable",
    ],
    "#foreach($i of)x#end": ["line 1, column 1: #foreach is written #foreach($item in $list)"],
    "#define('x')a#end": ["line 1, column 1: #define takes one reference: write #define($name)"],
    '#include("x") #parse("y")': [
      "line 1, column 1: #include reads a file, and there are none: write its text here",
      "line 1, column 15: #parse reads a file, and there are none: write its text here",
    ],
    '#set($x = "\\uzz")': ["line 1, column 11: \\uzz is not a character: write four hex digits"],
    '#set($x = "a #if($b) c")': ["line 1, column 14: #if is never closed: write #end"],
    "#set($a 1)\n#if($b)\n  #set($c =)\n#end\n#set($d = 2)\n#end": [
      'line 1, column 9: #set assigns with =, but "1" follows',
      'line 3, column 12: a value is expected, not ")": write a reference, a string or a number',
      "line 6, column 1: #end closes or continues nothing: no #if or block is open",
    ],
    "a\r\nb\r\n#end": ["line 3, column 1: #end closes or continues nothing: no #if or block is open"],
  };
  for (const [template, mistakes] of Object.entries(cases)) {
    it(`are named with their places: ${JSON.stringify(template)}`, () => {
      expect(mistakesIn(template)).to.deep.equal(mistakes);
    });
  }

  it("are all in one error", () => {
    expect(() => parseTemplate("#set($a 1)\n#end")).to.throw(InvalidTemplateError, /^line 1, .*; line 2, /);
  });

  it("are at most twenty", () => {
    expect(mistakesIn("#set($a 1)\n".repeat(100))).to.have.length(20);
  });

  it("include what is nested too deep, in any form", () => {
    for (const part of ["#if($a)", "#set($x = [".padEnd(11), '"#if(', "(", "#foreach($i in $l)", "#x($a"]) {
      const template = part === "(" ? `#if(${"(".repeat(10_000)}` : part.repeat(10_000);
      expect(mistakesIn(template), part).not.to.deep.equal([]);
    }
    expect(mistakesIn(`#if(${"(".repeat(200)}$a${")".repeat(200)})#end`).join()).to.match(
      /nested more than 100 levels/,
    );
  });
});
