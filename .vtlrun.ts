import * as fs from "node:fs";
import { parseTemplate, Double, type Value } from "./expressions/velocity";
export function data(): Map<string, Value> {
  const inner = new Map<Value, Value>([["x","deep"],["list",["p","q"]]]);
  return new Map<string, Value>([["text","Hello"],["empty",""],["n",7],["big",3000000000n],["d",new Double(2.5)],["yes",true],["no",false],
   ["map", new Map<Value,Value>([["a","one"],["b",2],["c-d","dash"],["nil",null],["inner",inner]])],
   ["list",["x",5,true,"x"]],["none",[]],["emptyMap",new Map()],["words",["pear","fig","apple"]],["csv","a,b,,c,"],["json",'{"k": "it\'s"}']]);
}
const lines = fs.readFileSync(0,"utf8").split("\n").filter(Boolean);
for (const l of lines) { const t = Buffer.from(l,"base64").toString(); let r: string;
 try { r = "="+parseTemplate(t).render(data()); } catch (e) { const x=e as Error; r = `!${x.name}: ${x.message}`; if (x.name==="TypeError"||x.name==="RangeError"||x.name==="ReferenceError") r+=x.stack; }
 console.log(Buffer.from(r).toString("base64")); }
