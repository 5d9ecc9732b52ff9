import Experiments

/// The settings of a run, read from its parameters.
struct Settings: Sendable {
    var arms: [Arm]
    var value: ErrorMeasure
    var estimator: ShapleyEstimator, permutations: Int
    var pastRemoval: PlayedTargets.PastRemoval, neighbourRemoval: PlayedTargets.NeighbourRemoval
    var fold: String, training: String
    var trainingStride: Int, testStride: Int, trainingScenes: Int, testScenes: Int, targets: Int
    var neighbours: Int, radius: Double
    var observed: Int, predicted: Int
    var steps: Int, batch: Int, rate: Double, validateEvery: Int
    var widths: PredictorWidths
    var objective: RecurrentObjective
    var graphKernel: SceneGraph.Kernel, graphOptimiser: GraphOptimiser
    enum GraphOptimiser: String, Sendable { case adam, sgd }
    var modelFile: String
    var pastDropout: Double, neighbourDropout: Double

    init(_ values: ParameterValues) throws {
        arms = try Arm.list(values.text("models"))
        value = try values.choice("value")
        estimator = try values.choice("estimator")
        permutations = values.integer("permutations")
        pastRemoval = try values.choice("remove-past")
        neighbourRemoval = try values.choice("remove-neighbours")
        fold = values.text("fold")
        training = values.text("training")
        trainingStride = values.integer("training-stride")
        testStride = values.integer("test-stride")
        trainingScenes = values.integer("training-scenes")
        testScenes = values.integer("test-scenes")
        targets = values.integer("targets")
        neighbours = values.integer("neighbours")
        radius = values.real("radius")
        observed = values.integer("observed")
        predicted = values.integer("predicted")
        steps = values.integer("steps")
        batch = values.integer("batch")
        rate = values.real("rate")
        validateEvery = values.integer("validate-every")
        widths = PredictorWidths(history: values.integer("history-width"), edge: values.integer("edge-width"), decoder: values.integer("decoder-width"), modes: values.integer("modes"))
        objective = RecurrentObjective(try values.choice("objective"), recurrentDropout: values.real("dropout"), priorDropout: values.real("prior-dropout"))
        graphKernel = try values.choice("stgcn-kernel")
        graphOptimiser = try values.choice("stgcn-optimiser")
        modelFile = values.text("model-file")
        pastDropout = values.real("past-dropout")
        neighbourDropout = values.real("neighbour-dropout")
        guard permutations.isMultiple(of: 2) else { throw TrajectoryError("parameter permutations: walks come in pairs of an order and its reverse; give \(permutations + 1)") }
    }

    static let specifications: [ParameterSpec] = [
        ParameterSpec(name: "models", title: "models", help: "What is trained and attributed, separated by commas: cv, lstm, sum (Trajectron++), edge (Trajectron++Edge), stgcn, pecnet, sum-plain and edge-plain (no cue is ever removed in training).",
                      kind: .text, default: .text("cv, lstm, sum, edge, edge-plain"), defaults: [.smoke: .text("cv, lstm, edge")]),
        ParameterSpec(name: "model-file", title: "model file", help: "A predictor that another run left (lathe artifacts): it is attributed as it is, in place of training its kind.", kind: .text, default: .text("")),
        ParameterSpec(name: "value", title: "value", help: "The error whose decrease is shared out. The mean displacement is always shown beside it: the two disagree.",
                      kind: .choice([.init("nllc", "negative log-likelihood, each step within ±6 nats"), .init("nll", "the same with the upper limit alone, as published"),
                                     .init("ade", "mean displacement of the likeliest mode"), .init("fde", "its last displacement"),
                                     .init("minade", "the least mean displacement of 20 samples"), .init("minfde", "the least last displacement of 20 samples")]), default: .text("nllc")),
        ParameterSpec(name: "estimator", title: "estimator", help: "How the value is shared out.",
                      kind: .choice([.init("automatic", "exact up to 9 players, else perm"), .init("exact", "all coalitions, up to 12 players"), .init("perm", "walks in random orders"),
                                     .init("banzhaf-code", "the published code's: a Banzhaf value, whose sum is not the whole")]), default: .text("automatic")),
        ParameterSpec(name: "permutations", title: "walks", help: "Random orders of `perm`, in pairs of one and its reverse.", kind: .integer(minimum: 2, maximum: 1000), default: .integer(8)),
        ParameterSpec(name: "remove-past", title: "removed past", help: "What stands for a past that is left out.",
                      kind: .choice([.init("static", "standing still at the last position"), .init("random", "the past of another target"), .init("mean", "the mean past of the training targets")]), default: .text("static")),
        ParameterSpec(name: "remove-neighbours", title: "removed neighbour", help: "What stands for a neighbour that is left out.",
                      kind: .choice([.init("static", "nothing: it is cut out"), .init("random", "a neighbour of another target")]), default: .text("static")),
        ParameterSpec(name: "fold", title: "fold", help: "Which recordings test, by the data set's own names (eth-ucy: zara1, zara2, eth, hotel, univ); empty takes the first.", kind: .text, default: .text("")),
        ParameterSpec(name: "training", title: "training on", help: "Names of the recordings that train, separated by commas; empty takes all that do not test.", kind: .text, default: .text("")),
        ParameterSpec(name: "training-stride", title: "training stride", help: "Every how many steps a training window begins.", unit: "steps", kind: .integer(minimum: 1, maximum: 100), default: .integer(1)),
        ParameterSpec(name: "test-stride", title: "test stride", help: "Every how many steps a test window begins.", unit: "steps", kind: .integer(minimum: 1, maximum: 100), default: .integer(1)),
        ParameterSpec(name: "training-scenes", title: "training scenes", help: "How many generated scenes train; 0 takes all.", kind: .integer(minimum: 0, maximum: 1_000_000), default: .integer(0), defaults: [.smoke: .integer(40)]),
        ParameterSpec(name: "test-scenes", title: "test scenes", help: "How many generated scenes test; 0 takes all.", kind: .integer(minimum: 0, maximum: 1_000_000), default: .integer(0), defaults: [.smoke: .integer(10)]),
        ParameterSpec(name: "targets", title: "explained targets", help: "How many test targets are attributed, spread evenly; 0 takes all.", kind: .integer(minimum: 0, maximum: 1_000_000), default: .integer(0), defaults: [.smoke: .integer(20)]),
        ParameterSpec(name: "neighbours", title: "neighbours", help: "At most so many of the nearest; 0 takes what is usual for the data.", kind: .integer(minimum: 0, maximum: 40), default: .integer(0)),
        ParameterSpec(name: "radius", title: "radius", help: "Neighbours within this distance; 0 takes what is usual for the data.", unit: "m", kind: .real(minimum: 0, maximum: 1000, logarithmic: false), default: .real(0)),
        ParameterSpec(name: "observed", title: "seen steps", help: "0 takes what is usual for the data.", unit: "steps", kind: .integer(minimum: 0, maximum: 200), default: .integer(0)),
        ParameterSpec(name: "predicted", title: "predicted steps", help: "0 takes what is usual for the data.", unit: "steps", kind: .integer(minimum: 0, maximum: 200), default: .integer(0)),
        ParameterSpec(name: "steps", title: "training steps", help: "Updates of the weights; the best validation counts.", kind: .integer(minimum: 1, maximum: 1_000_000), default: .integer(500), defaults: [.smoke: .integer(30), .paper: .integer(20_000)]),
        ParameterSpec(name: "batch", title: "batch", help: "Targets of a step.", kind: .integer(minimum: 1, maximum: 4096), default: .integer(128), defaults: [.smoke: .integer(64), .paper: .integer(256)]),
        ParameterSpec(name: "rate", title: "rate", help: "Of Adam; it falls to a three-hundredth along a cosine.", kind: .real(minimum: 1e-7, maximum: 1, logarithmic: true), default: .real(3e-3), defaults: [.paper: .real(1e-3)]),
        ParameterSpec(name: "validate-every", title: "validate every", help: "Training steps between two validations.", kind: .integer(minimum: 1, maximum: 10_000), default: .integer(25), defaults: [.smoke: .integer(10), .paper: .integer(200)]),
        ParameterSpec(name: "objective", title: "objective", help: "What the recurrent predictors learn by.",
                      kind: .choice([.init("exact-marginal", "likelihood of a mixture of whole paths"), .init("variational", "the published one, with a posterior")]), default: .text("exact-marginal"), defaults: [.paper: .text("variational")]),
        ParameterSpec(name: "modes", title: "modes", help: "K, values of the discrete latent.", kind: .integer(minimum: 1, maximum: 100), default: .integer(3), defaults: [.smoke: .integer(2), .paper: .integer(25)]),
        ParameterSpec(name: "history-width", title: "history width", help: "Of the LSTM on the past.", kind: .integer(minimum: 1, maximum: 1024), default: .integer(32), defaults: [.smoke: .integer(8)]),
        ParameterSpec(name: "edge-width", title: "edge width", help: "Of the LSTM on neighbours.", kind: .integer(minimum: 1, maximum: 1024), default: .integer(32), defaults: [.smoke: .integer(8)]),
        ParameterSpec(name: "decoder-width", title: "decoder width", help: "Of the GRU that gives velocities.", kind: .integer(minimum: 1, maximum: 1024), default: .integer(64), defaults: [.smoke: .integer(8), .paper: .integer(128)]),
        ParameterSpec(name: "dropout", title: "dropout", help: "Of the encodings.", kind: .real(minimum: 0, maximum: 0.9, logarithmic: false), default: .real(0), defaults: [.paper: .real(0.25)]),
        ParameterSpec(name: "prior-dropout", title: "dropout of the prior", help: "Of its hidden layer.", kind: .real(minimum: 0, maximum: 0.9, logarithmic: false), default: .real(0), defaults: [.paper: .real(0.1)]),
        ParameterSpec(name: "stgcn-kernel", title: "graph kernel", help: "Which nodes of the graph predictor are near.",
                      kind: .choice([.init("ours", "by positions, normalised"), .init("code", "by displacements, Laplacian, as published")]), default: .text("ours")),
        ParameterSpec(name: "stgcn-optimiser", title: "graph optimiser", help: "What trains the graph predictor.",
                      kind: .choice([.init("adam", "as the others"), .init("sgd", "rate 0.01, a fifth of it after six tenths of the steps, as published")]), default: .text("adam"), defaults: [.paper: .text("sgd")]),
        ParameterSpec(name: "past-dropout", title: "removed pasts", help: "The share of training targets whose past is removed (not in the plain models).", kind: .real(minimum: 0, maximum: 1, logarithmic: false), default: .real(0.15), defaults: [.paper: .real(0)]),
        ParameterSpec(name: "neighbour-dropout", title: "thinned targets", help: "The share of training targets from which each neighbour is removed with a probability drawn for the target (not in the plain models).",
                      kind: .real(minimum: 0, maximum: 1, logarithmic: false), default: .real(0.5), defaults: [.paper: .real(0)]),
    ]
}
