import Datasets
import Experiments
import Layers

extension DIVAMethod {
    /// Counts the factorisations and products of the closed form, and the network's passes where features need one that the cache
    /// may not hold.
    public func estimate(_ request: RunRequest, dataset: DatasetEntry) -> Estimate {
        guard let values = try? ParameterValues(parameters, request: request), let settings = try? Settings(values) else {
            return Estimate(operations: 0, bytes: 0, seconds: 0)
        }
        let rows = Double(dataset.rows ?? 2000)
        let copies = settings.task == .augment ? Double(settings.transforms.count + 1) : 1
        let wanted = Double(settings.task == .extend ? settings.core + settings.pool : settings.examples)
        let n = min(wanted, rows) * copies
        let m = settings.testExamples == 0 ? min(10_000, rows / 3) : Double(settings.testExamples)
        let d: Double = switch settings.features {
        case .fourier: Double(settings.fourierCount) + 1
        case .pixels: 785
        case .efficientnet: Double(EfficientNetLite.featureCount + 1)
        case .cnn: Double(SmallConvolutionalNetwork.featureCount + 1)
        case .sentence: 385
        }
        let small = min(n, d), gram = n * d * small, cube = small * small * small
        let sweep = settings.lambda == nil ? gram + Double(LambdaSelection.grid.count) * (cube + 2 * gram) : 0
        let gradient = 7 * gram + 5 * cube
        let refit = gram + cube / 3
        let gradients: Double = switch settings.task {
        case .detect: 1
        case .reweight, .augment: Double(settings.steps + 1)
        case .extend: settings.chunk == 0 ? 1 : Double(max(1, settings.pool / settings.chunk))
        }
        var operations = sweep + gradients * (gradient + refit) + (settings.task == .extend ? 22 : 5) * refit
        if settings.task == .reweight, settings.gradientBaselines { operations += 40 * 3 * 8 * n * d * 10 + 40 * n / 50 * n / 5 * d * 40 }
        let network: Double = switch settings.features {
        case .efficientnet: 0.26e9 * (n + m)
        case .sentence: 1.4e9 * (n + m)
        case .cnn: 1.2e7 * (3 * Double(settings.cnnImages * settings.cnnEpochs) + n + m)
        default: 0
        }
        return Estimate(operations: operations + network, bytes: 8 * (3 * n * d + m * d + 4 * small * small) + (network > 0 ? 2e8 : 0),
                        seconds: 0.1 + operations / 3e10 + network / 2e10)
    }
}
