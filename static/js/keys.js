// Keys answer where the focus is in a question: digits choose on its scale, an arrow
// begins with its first choice, and Enter sends.
(function () {
  "use strict";
  var typed = "", typedAt = 0;

  // choose chooses what a digit stands for; "1" and "0" within a second and a half are ten.
  function choose(event, group) {
    var n = event.key.length === 1 ? "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९".indexOf(event.key) % 10 : -1;
    if (n < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    var choice = function (value) { return group.querySelector(".scale input[value='" + value + "']"); };
    typed = event.timeStamp - typedAt < 1500 && choice(typed + n) ? typed + n : "" + n;
    typedAt = event.timeStamp;
    take(choice(typed));
  }

  function take(choice) {
    if (!choice) return;
    choice.focus();
    choice.click();
  }

  addEventListener("keydown", function (event) {
    var focus = document.activeElement, form = focus.closest("form"), group = focus.closest("fieldset");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey || focus === group)) form.requestSubmit(form.elements.send);
    if (group && focus === group && event.key.indexOf("Arrow") === 0) {
      event.preventDefault();
      take(group.querySelector(":checked") || group.querySelector("input"));
    }
    if (group) choose(event, group);
  });
})();
