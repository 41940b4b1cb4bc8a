/* What scrolls sideways opens at its mark of today. Most browsers do so by its style sheet; for the others it is done
   here, and without script they open at the right end, which is the newest. */
if (!CSS.supports("scroll-initial-target", "nearest")) {
  for (const mark of document.querySelectorAll(".opens i")) {
    const around = mark.closest(".scroll");
    around.scrollLeft += mark.getBoundingClientRect().right - around.getBoundingClientRect().right;
  }
}
