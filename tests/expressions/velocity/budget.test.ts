import { expect } from "chai";
import { BudgetExceededError, parseTemplate, TemplateFailure, type Value } from "../../../expressions/velocity";

const render = (template: string) => parseTemplate(template).render(new Map<string, Value>());

const TWICE = "[1..60]";

describe("A Velocity template that would take too long or too much", () => {
  const cases: Record<string, string> = {
    "loops in loops": "#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])#end#end#end",
    "a macro that calls itself": "#macro(m)#m()#m()#end#m()",
    "a text that doubles": `#set($s = "x")#foreach($i in ${TWICE})#set($s = "$s$s")#end`,
    "a text that doubles with +": `#set($s = "x")#foreach($i in ${TWICE})#set($s = $s + $s)#end`,
    "a long range": "#foreach($i in [1..2000000000])#end",
    "an #evaluate of itself": "#set($s = '#evaluate($s)')#evaluate($s)",
    "lists in lists that double": `#set($l = ["x"])#foreach($i in ${TWICE})#set($l = [$l, $l])#end$l`,
    "a comparison of such lists": `#set($l = ["x"])#set($m = ["x"])#foreach($i in ${TWICE})#set($l = [$l, $l])#set($m = [$m, $m])#end#if($l == $m)#end`,
    "a list that contains itself": "#set($l = [])#set($m = [$l])$l.add($m)$l",
    "output without end":
      "#foreach($a in [1..1000])#foreach($b in [1..1000])xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx#end#end",
    "a block that calls others":
      "#define($a)$b$b$b#end#define($b)$c$c$c#end#define($c)$a$a$a#end#foreach($i in [1..9999])$a#end",
  };
  for (const [what, template] of Object.entries(cases)) {
    it(`ends: ${what}`, () => expect(() => render(template)).to.throw(BudgetExceededError));
  }

  const methods: Record<string, string> = {
    "a list added to itself": `#set($l = ["x"])#foreach($i in ${TWICE})#set($q = $l.addAll($l))#end`,
    "a text repeated": "#set($s = 'x')$s.repeat(2000000000)",
    "a text replaced by itself": `#set($s = "xx")#foreach($i in ${TWICE})#set($s = $s.replace("x", $s))#end`,
    "a text replaced by a pattern": `#set($s = "xx")#foreach($i in ${TWICE})#set($s = $s.replaceAll("x", $s))#end`,
  };
  for (const [what, template] of Object.entries(methods)) {
    it(`fails: ${what}`, () => {
      expect(() => render(template)).to.throw(TemplateFailure, /too long/);
    });
  }

  it("ends loops after a number of elements without an error, if told so", () => {
    const text = parseTemplate("#foreach($i in [1..9])$i#end").render(new Map(), { mostIterations: 3 });
    expect(text).to.equal("123");
  });

  it("names the method that fails, and why", () => {
    expect(() => render("#set($s = 'abc')${s.substring(9)}")).to.throw(
      TemplateFailure,
      "${s.substring(9)} fails: substring: begin 9, end 3, length 3",
    );
  });
});
