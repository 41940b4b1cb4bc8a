"""Time, doses, scores and people of a hundred as SVG: labels, dates and numbers in, a drawing out."""
