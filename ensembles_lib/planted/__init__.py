"""Part two of the article: networks built by hand, whose ensembles are known."""
