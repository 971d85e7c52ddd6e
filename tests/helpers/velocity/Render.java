import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;

/** Renders each line of the input, a template in base64, with the variables of variables.ts: `=text` or `!error`. */
public class Render {
  public static void main(String[] arguments) throws Exception {
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String result = render(new String(Base64.getDecoder().decode(line.trim()), "UTF-8"));
      System.out.println(Base64.getEncoder().encodeToString(result.getBytes("UTF-8")));
    }
  }

  /** Macros outlive a template in an engine, so each template has its own. */
  private static String render(String template) {
    VelocityEngine engine = new VelocityEngine();
    engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
    engine.setProperty("velocimacro.library", "");
    StringWriter text = new StringWriter();
    try {
      engine.init();
      engine.evaluate(variables(), text, "template", template);
      return "=" + text;
    } catch (Throwable error) {
      return "!" + error;
    }
  }

  private static VelocityContext variables() {
    Map<String, Object> inner = new LinkedHashMap<>();
    inner.put("x", "deep");
    inner.put("list", list("p", "q"));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("a", "one");
    map.put("b", 2);
    map.put("c-d", "dash");
    map.put("nil", null);
    map.put("inner", inner);
    VelocityContext context = new VelocityContext();
    context.put("text", "Hello");
    context.put("empty", "");
    context.put("n", 7);
    context.put("big", 3000000000L);
    context.put("d", 2.5);
    context.put("yes", true);
    context.put("no", false);
    context.put("map", map);
    context.put("list", list("x", 5, true, "x"));
    context.put("none", list());
    context.put("emptyMap", new LinkedHashMap<>());
    context.put("words", list("pear", "fig", "apple"));
    context.put("csv", "a,b,,c,");
    context.put("json", "{\"k\": \"it's\"}");
    return context;
  }

  private static List<Object> list(Object... items) {
    return new ArrayList<>(Arrays.asList(items));
  }
}
