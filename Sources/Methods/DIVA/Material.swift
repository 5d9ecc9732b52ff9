import Datasets
import Experiments
import Tensors

/// Everything a run works on, a function of the request alone: rows, labels, noise and features.
struct Material {
    let images: ImageDataset
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
        return split.training[example % n] + example / n * images.count
    }

    init(_ context: RunContext, _ settings: Settings, isReporting: Bool) throws {
        let images = try context.library.images(context.request.dataset)
        let wanted = settings.task == .extend ? settings.core + settings.pool : settings.examples
        let split = try Split(trainingCount: images.training.count, testCount: images.test?.count ?? 0, wanted: wanted,
                              required: settings.task == .extend, validation: settings.validation, test: settings.testExamples,
                              others: settings.features == .cnn ? settings.cnnImages : 0, random: context.random.stream("split"))
        if isReporting, split.training.count < wanted {
            context.note("\(context.request.dataset) has room for \(split.training.count) training examples, not \(wanted)")
        }
        func labels(_ rows: [Int]) -> [Int] { rows.map { images.label(at: $0) ?? 0 } }
        truth = labels(split.training)
        core = settings.task == .extend ? settings.core : split.training.count
        var given = truth
        let noise = context.random.stream("label noise")
        if settings.task == .extend {
            // The core is trusted; the pool is what may be wrong.
            given = Array(truth[..<settings.core]) + settings.noise.applied(to: Array(truth[settings.core...]), classes: images.classNames.count, random: noise)
        } else {
            given = settings.noise.applied(to: truth, classes: images.classNames.count, random: noise)
        }
        let copiedPictures = settings.task == .augment ? settings.transforms.map { transform in
            transform.applied(to: Pictures(images, rows: split.training), random: context.random.stream(transform.rawValue))
        } : []
        let features = try Features(context, settings, images: images, split: split, copies: copiedPictures, isReporting: isReporting)
        let count = images.classNames.count
        training = try TrainingSet(features: features.training, labels: given, classes: count)
        validation = split.validation.isEmpty ? nil : try TrainingSet(features: features.validation, labels: labels(split.validation), classes: count)
        test = try TrainingSet(features: features.test, labels: labels(split.test), classes: count)
        copies = try features.copies.map { try TrainingSet(features: $0, labels: given, classes: count) }
        if isReporting, training.hasOneClassOnly {
            context.warning("every training example has the label \(images.classNames[training.labels[0]]); a classifier cannot learn from one class")
        }
        self.images = images
        self.split = split
        self.copiedPictures = copiedPictures
        classes = images.classNames
    }
}
