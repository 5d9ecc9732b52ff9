import Datasets
import Experiments
import Tensors

/// Everything a run works on, a function of the request alone: rows, labels, noise and features.
struct Material {
    let examples: Examples
    let split: Split
    let classes: [String]
    /// The true labels of the training rows.
    let truth: [Int]
    /// The training examples with their labels after noise; with the task extend core and pool, with augment the originals.
    let training: TrainingSet
    /// nil: the leave-one-out loss is used.
    let validation: TrainingSet?
    let test: TrainingSet
    /// Augment: one set of transformed copies a transform, in the order of the settings.
    let copies: [TrainingSet]
    /// Augment: the pictures of those copies.
    let copiedPictures: [Pictures]

    /// An example is bad where noise changed its label.
    var isBad: [Bool] { zip(training.labels, truth).map { $0 != $1 } }
    var hasNoise: Bool { zip(training.labels, truth).contains { $0 != $1 } }
    var core: Int
    /// The number that events name an example by: its row in the data set.
    func identifier(_ example: Int) -> Int {
        let n = split.training.count
        return split.training[example % n] + example / n * examples.count
    }

    init(_ context: RunContext, _ settings: Settings, isReporting: Bool) throws {
        let examples = try Examples(context.library.open(context.request.dataset))
        let hasNames = settings.task == .extend && settings.poolSource == .classNames
        let wanted = settings.task == .extend ? settings.core + (hasNames ? 0 : settings.pool) : settings.examples
        var split = try Split(trainingCount: examples.trainingCount, testCount: examples.testCount, wanted: wanted,
                              required: settings.task == .extend, validation: settings.validation, test: settings.testExamples,
                              others: settings.features == .cnn ? settings.cnnImages : 0, random: context.random.stream("split"))
        if isReporting, split.training.count < wanted {
            context.note("\(context.request.dataset) has room for \(split.training.count) training examples, not \(wanted)")
        }
        // Names of classes stand behind the examples.
        if hasNames { split.training += try examples.texts(for: "pool-from=class-names").classNames.indices.map { examples.count + $0 } }
        func labels(_ rows: [Int]) -> [Int] { rows.map(examples.label) }
        truth = labels(split.training)
        core = settings.task == .extend ? settings.core : split.training.count
        var given = truth
        let noise = context.random.stream("label noise")
        if hasNames {
            // A name is of its class, and the core is trusted.
        } else if settings.task == .extend {
            // The core is trusted; the pool is what may be wrong.
            given = Array(truth[..<settings.core]) + settings.noise.applied(to: Array(truth[settings.core...]), classes: examples.classNames.count, random: noise)
        } else {
            given = settings.noise.applied(to: truth, classes: examples.classNames.count, random: noise)
        }
        let copiedPictures = settings.task == .augment ? try Self.copies(of: examples.pictures(for: "task=augment"), rows: split.training, context, settings) : []
        let features = try Features(context, settings, examples: examples, split: split, copies: copiedPictures, isReporting: isReporting)
        let count = examples.classNames.count
        training = try TrainingSet(features: features.training, labels: given, classes: count)
        validation = split.validation.isEmpty ? nil : try TrainingSet(features: features.validation, labels: labels(split.validation), classes: count)
        test = try TrainingSet(features: features.test, labels: labels(split.test), classes: count)
        copies = try features.copies.map { try TrainingSet(features: $0, labels: given, classes: count) }
        if isReporting, training.hasOneClassOnly {
            context.warning("every training example has the label \(examples.classNames[training.labels[0]]); a classifier cannot learn from one class")
        }
        self.examples = examples
        self.split = split
        self.copiedPictures = copiedPictures
        classes = examples.classNames
    }

    private static func copies(of images: ImageDataset, rows: [Int], _ context: RunContext, _ settings: Settings) throws -> [Pictures] {
        let originals = try Pictures(images, rows: rows)
        return settings.transforms.map { $0.applied(to: originals, random: context.random.stream($0.rawValue)) }
    }
}
