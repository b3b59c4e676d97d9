"""The paper's comparisons, repeated on any labelled data with an honest verdict."""
