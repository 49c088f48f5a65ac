// Narrows the list to the words typed. Without it the list is whole.
(function () {
  "use strict";
  var box = document.getElementById("q");
  var rows = document.querySelectorAll("#rows > li");
  var count = document.getElementById("count");
  if (!box || !box.parentNode) return;
  function fold(s) {
    return s.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }
  var words = Array.prototype.map.call(rows, function (row) {
    return fold(row.getAttribute("data-words") || "");
  });
  box.parentNode.hidden = false;
  box.addEventListener("input", function () {
    var asked = fold(box.value).split(/\s+/).filter(Boolean);
    var shown = 0;
    for (var i = 0; i < rows.length; i++) {
      var fits = asked.every(function (w) {
        return words[i].indexOf(w) >= 0;
      });
      rows[i].hidden = !fits;
      if (fits) shown++;
    }
    count.textContent = asked.length ? shown + " / " + rows.length : "";
  });
})();
