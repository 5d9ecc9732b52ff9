extension DatasetCatalogue {
    /// Pairs of sentences with a score of their likeness.
    static let pairSources: [DatasetSource] = [
        DatasetSource(
            identifier: "stsbenchmark", title: "STS benchmark", kind: .pairs, rows: 8628, shape: "5,749 / 1,500 / 1,379 sentence pairs, scores 0 to 5",
            origin: "ixa2.si.ehu.eus/stswiki (STSbenchmark.tar.gz)", licence: "scores CC BY-SA 4.0, texts mixed",
            obtain: "fetch STSbenchmark.tar.gz of ixa2.si.ehu.eus/stswiki and unpack it in {data} (its folder stsbenchmark is found there)",
            places: [.folder(["stsbenchmark"], files: ["sts-train.csv", "sts-dev.csv", "sts-test.csv"])],
            read: tableOf("sts-train.csv", format: DelimitedFormat(
                delimiter: "\t", quoting: DelimitedFormat.Quoting.none, header: .absent,
                columnNames: ["genre", "file", "year", "id", "score", "sentence 1", "sentence 2"], allowsRaggedRows: true))),
        DatasetSource(
            identifier: "sts-semeval", title: "STS 2012 to 2015", kind: .pairs, rows: 11_358, shape: "3,108 / 1,500 / 3,750 / 3,000 scored sentence pairs",
            origin: "SemEval, alt.qcri.org/semeval2014 and the other years", licence: "mixed, research use",
            obtain: "put the folders 2012 to 2015 of data/sts/semeval-sts of github.com/brmson/dataset-sts into {data}/sts-semeval",
            places: [.folder(["sts-semeval"], files: ["2012/MSRpar.test.tsv", "2013/OnWN.test.tsv", "2014/images.test.tsv", "2015/images.test.tsv"])],
            read: tableOf("2014/images.test.tsv", format: DelimitedFormat(
                delimiter: "\t", quoting: DelimitedFormat.Quoting.none, header: .absent, columnNames: ["score", "sentence 1", "sentence 2"]))),
        DatasetSource(
            identifier: "sick", title: "SICK 2014", kind: .pairs, rows: 9927, shape: "4,500 / 500 / 4,927 sentence pairs, relatedness 1 to 5",
            origin: "University of Trento, zenodo.org", licence: "CC BY-NC-SA 3.0",
            obtain: "fetch SICK_train.txt, SICK_trial.txt and SICK_test_annotated.txt (SemEval 2014 task 1) into {data}/sick",
            places: [.folder(["sick"], files: ["SICK_train.txt", "SICK_trial.txt", "SICK_test_annotated.txt"])],
            read: tableOf("SICK_train.txt", format: DelimitedFormat(delimiter: "\t", quoting: DelimitedFormat.Quoting.none, header: .present))),
        DatasetSource(
            identifier: "minilm-golden", title: "Expected values of the MiniLM sentence encoder", kind: .pairs, rows: 12,
            shape: "12 sentences, their tokens, embeddings and cosines", origin: "made for this project with an independent implementation", licence: "none stated",
            obtain: "put sentences.txt, tokens.tsv, embeddings.tsv and cosines.tsv (docs/data.md) into {data}/minilm-golden",
            places: [.folder(["minilm-golden"], files: ["sentences.txt", "tokens.tsv", "embeddings.tsv", "cosines.tsv"])],
            read: tableOf("cosines.tsv", format: DelimitedFormat(delimiter: "\t"))),
    ]
}
