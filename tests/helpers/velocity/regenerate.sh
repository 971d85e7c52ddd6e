#!/usr/bin/env bash
# Renders the templates of tests/expressions/velocity/rendered.json with Apache Velocity 1.7 and writes their texts
# (null where it fails). Add a template with any text, run this, and look at the difference. Needs Java 17 and Maven.
set -euo pipefail
cd "$(dirname "$0")"
table=../../expressions/velocity/rendered.json
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>render</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.velocity</groupId><artifactId>velocity</artifactId><version>1.7</version></dependency>
  </dependencies>
</project>
XML
mvn -q -f "$work/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/lib"
javac -d "$work" -cp "$work/lib/*" Render.java
node -e '
  const table = JSON.parse(fs.readFileSync(process.argv[1]));
  const templates = Object.values(table).flatMap((group) => Object.keys(group));
  console.log(templates.map((template) => Buffer.from(template).toString("base64")).join("\n"));
' "$table" >"$work/templates"
java -cp "$work:$work/lib/*" Render <"$work/templates" >"$work/texts"
node -e '
  const [path, results] = process.argv.slice(1);
  const table = JSON.parse(fs.readFileSync(path));
  const texts = fs.readFileSync(results, "utf8").trim().split("\n").map((line) => Buffer.from(line, "base64").toString());
  for (const group of Object.values(table)) {
    for (const template of Object.keys(group)) {
      const result = texts.shift();
      group[template] = result.startsWith("=") ? result.slice(1) : null;
    }
  }
  fs.writeFileSync(path, `${JSON.stringify(table, null, 2)}\n`);
' "$table" "$work/texts"
