extension DatasetCatalogue {
    /// Pairs of sentences with a score of their likeness.
    static let pairSources: [DatasetSource] = [
        DatasetSource(
            identifier: "stsbenchmark", title: "STS benchmark", kind: .pairs, rows: 8628, shape: "5,749 / 1,500 / 1,379 sentence pairs, scores 0 to 5",
            origin: "ixa2.si.ehu.eus/stswiki (STSbenchmark.tar.gz)", licence: "scores CC BY-SA 4.0, texts mixed",
            obtain: "fetch STSbenchmark.tar.gz of ixa2.si.ehu.eus/stswiki and unpack it in {data} (its folder stsbenchmark is found there)",
            places: [.folder(["stsbenchmark"], files: ["sts-train.csv", "sts-dev.csv", "sts-test.csv"])],
            read: PairTables.benchmark),
        DatasetSource(
            identifier: "sts-semeval", title: "STS 2012 to 2015", kind: .pairs, rows: 16_858, shape: "16,858 sentence pairs, 3,108 / 1,500 / 3,750 / 3,000 of them scored",
            origin: "SemEval, alt.qcri.org/semeval2014 and the other years", licence: "mixed, research use",
            obtain: "put the folders 2012 to 2015 of data/sts/semeval-sts of github.com/brmson/dataset-sts into {data}/sts-semeval",
            places: [.folder(["sts-semeval"], files: PairTables.semEvalNames)],
            read: PairTables.semEval),
        DatasetSource(
            identifier: "sick", title: "SICK 2014", kind: .pairs, rows: 9927, shape: "4,500 / 500 / 4,927 sentence pairs, relatedness 1 to 5",
            origin: "University of Trento, zenodo.org", licence: "CC BY-NC-SA 3.0",
            obtain: "fetch SICK_train.txt, SICK_trial.txt and SICK_test_annotated.txt (SemEval 2014 task 1) into {data}/sick",
            places: [.folder(["sick"], files: ["SICK_train.txt", "SICK_trial.txt", "SICK_test_annotated.txt"])],
            read: PairTables.sick),
        DatasetSource(
            identifier: "graded-pairs", title: "Generated pairs, five things a sentence", kind: .pairs, rows: 2000, shape: "1,200 / 300 / 500 pairs, scores 0 to 5",
            origin: "made by the program", licence: "none needed", obtain: nil, places: [.embedded],
            read: { _, identifier in try GradedPairs(training: 1200, development: 300, test: 500).dataset(identifier: identifier) }),
        DatasetSource(
            identifier: "small-pairs", title: "Generated pairs, small", kind: .pairs, rows: 80, shape: "40 / 20 / 20 pairs, scores 0 to 5",
            origin: "made by the program", licence: "none needed", obtain: nil, places: [.embedded],
            read: { _, identifier in try GradedPairs(topics: 2, thingsPerTopic: 10, things: 4, training: 40, development: 20, test: 20).dataset(identifier: identifier) }),
        DatasetSource(
            identifier: "minilm-golden", title: "Expected values of the MiniLM sentence encoder", kind: .pairs, rows: 12,
            shape: "12 sentences, their tokens, embeddings and cosines", origin: "made for this project with an independent implementation", licence: "none stated",
            obtain: "put sentences.txt, tokens.tsv, embeddings.tsv and cosines.tsv (docs/data.md) into {data}/minilm-golden",
            places: [.folder(["minilm-golden"], files: ["sentences.txt", "tokens.tsv", "embeddings.tsv", "cosines.tsv"])],
            read: tableOf("cosines.tsv", format: DelimitedFormat(delimiter: "\t"))),
    ]
}
