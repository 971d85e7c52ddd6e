const { reporters } = require("mocha");

/** The spec reporter, closed by the one line that says how the run went. */
class Reporter extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    reporters.Base.consoleLog(`${passes} passed, ${failures} failed, ${pending} skipped`);
  }
}

module.exports = Reporter;
