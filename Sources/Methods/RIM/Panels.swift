import Experiments

extension RIMMethod {
    public var panels: [PanelSpec] {
        let multiplier = "Below 1 items have bounds from below"
        return [
            PanelSpec("loss", title: "Next-item loss", help: "Negative log-likelihood of the next item; below the line ln V something was learnt. Marks: the rate was quartered.",
                      kind: .lines(series: ["loss/GRU*", "loss/Transformer*", "loss/uniform*"], x: .init("epoch"), y: .init("loss")), marks: "rate cuts", dimmed: ["loss/uniform guess, ln V"]),
            PanelSpec("hawkes", title: "Hawkes fit", help: "The objective of the least-squares fit over sweeps of its coordinates.", kind: .lines(series: ["Hawkes fit/*"], x: .init("sweep", logarithmic: true), y: .init("objective"))),
            PanelSpec("weights", title: "Hawkes weights", help: "How many further events an event (a) and the first event (b) bring about, by how long it takes; what is left is the base rate in the notes.",
                      kind: .lines(series: ["Hawkes weights/*"], x: .init("time scale, in the clock of the data", logarithmic: true), y: .init("weight")), isStems: true),
            PanelSpec("poisson", title: "HP fit", help: "Poisson loss on V's counts; below the constant rate the history says who will be active.",
                      kind: .lines(series: ["HP fit/*", "RNN intensity fit/*"], x: .init("iteration"), y: .init("loss")), dimmed: ["HP fit/constant rate"]),
            PanelSpec("dual", title: "Prices: bound and value", help: "The dual objective bounds the value of every matching from above; as ε falls they must close. The multiplier nearest to 0.7 is drawn.",
                      kind: .lines(series: ["prices/*"], x: .init("epoch"), y: .init("mean score"))),
            PanelSpec("worst", title: "Prices: worst item", help: "How many users the worst item is beyond its bound, on the table that the prices are fitted to; one curve a fit.", kind: .lines(series: ["worst item/*"], x: .init("epoch"), y: .init("violation"))),
            PanelSpec("epsilon", title: "Prices: ε", help: "The weight of the entropy; as it falls a matching becomes one of whole pairs.", kind: .lines(series: ["ε of the prices/*"], x: .init("epoch"), y: .init("ε", logarithmic: true))),
            PanelSpec("directions", title: "Both directions", help: "To the right better items for users, upwards better users for items. Colour: intensity, marker: model; the cross is ItemPop × Pop. Left and right show one model alone.",
                      kind: .scatter(table: "both directions", x: "ItemRec precision", y: "UserRec precision"), marks: "popularity"),
            PanelSpec("models", title: "Models", help: "P precision, R recall; perplexity: among how many items or users the choices are spread.", kind: .table("models"), isWide: true),
            PanelSpec("precision", title: "Precision by direction", help: "An intensity cannot change the order of a user's items, so it moves the second bar alone.",
                      kind: .groupedBars(table: "models", label: "model", values: ["ItemRec P", "UserRec P"]), isWide: true),
            PanelSpec("users", title: "Users", help: "λ(t) through a user's history and horizon, the events below; what came within the horizon decides. Each user's best items with their chance p, λp, the price v of the item, and whether they were taken.",
                      kind: .inspector(items: "users", details: "items for a user", key: "user"), isWide: true,
                      curves: .init(series: "λ", x: .init("time"), y: .init("λ", unit: "events a horizon"), rug: "events of users"), listShare: 0.42),
            PanelSpec("audiences", title: "Audiences", help: "The users chosen for an item, and whether activity or taste brings them there, as multiples of the middle user.",
                      kind: .inspector(items: "items", details: "audience of an item", key: "item"), isWide: true, listShare: 0.4),
            PanelSpec("calibration", title: "Calibration of λ", help: "Ten bins of requests: predicted and observed mean number of events; on the line they agree.",
                      kind: .lines(series: ["calibration/*"], x: .init("predicted", unit: "events", logarithmic: true), y: .init("observed", unit: "events", logarithmic: true)), dimmed: ["calibration/perfect"]),
            PanelSpec("calibration table", title: "Calibration", help: "ΣΛ/ΣY should be 1; the Poisson loss lies below the constant rate where λ knows something.", kind: .table("calibration")),
            PanelSpec("relevance", title: "Relevance and items", help: "\(multiplier): upwards more items are seen, to the right more are hit. The cross: how histories are spread. Left and right show one way of matching.",
                      kind: .scatter(table: "relevance and items", x: "precision", y: "item perplexity"), isWide: true, marks: "history of items", isPath: true),
            PanelSpec("relevance of users", title: "Relevance and users", help: "From 1 on users may get more, and items at most C.", kind: .scatter(table: "relevance and users", x: "precision", y: "user perplexity"), isWide: true, marks: "history of users", isPath: true),
            PanelSpec("matching", title: "Matching", help: "\(multiplier), from 1 on from above; a price has to hold on average, so single items may get less.", kind: .table("matching"), isWide: true),
            PanelSpec("allocation", title: "Allocation", help: "Items a request gets online, by how active the request (rows, 10: most) and how popular the item is (columns, 10: most).", kind: .heatMap(matrix: "allocation")),
            PanelSpec("exposures", title: "Exposures", help: "How many users each item is shown to, and the bound.", kind: .histogram(distribution: "exposures")),
            PanelSpec("pair loss", title: "Loss of pairwise models", help: "BPR and GraphConv: seen pairs against drawn ones.", kind: .lines(series: ["loss/BPR*", "loss/GraphConv*"], x: .init("epoch"), y: .init("loss"))),
            PanelSpec("log", title: "Notes", help: "What the run has to say about itself.", kind: .log),
        ]
    }
}
