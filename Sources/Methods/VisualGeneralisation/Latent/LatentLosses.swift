import Foundation
import Tensors

/// The terms of the objectives that latent kinds are trained with; all in nats.
package enum LatentLosses {
    /// Cross-entropy of pixels with their logits: the sum over an image, the mean over images.
    package static func reconstruction<S: TensorScalar>(_ logits: Tensor<S>, _ images: Tensor<S>) throws -> Tensor<S> {
        try logits.binaryCrossEntropyLosses(images).sum().scaled(by: 1 / Double(max(1, images.shape[0])))
    }

    /// KL of N(mean, exp(log-variance)) from N(0, 1): the sum over latents, the mean over images.
    package static func divergence<S: TensorScalar>(_ mean: Tensor<S>, _ logVariance: Tensor<S>) throws -> Tensor<S> {
        try (mean.squared() + logVariance.exp() - logVariance).scaled(by: 0.5, plus: -0.5).sum().scaled(by: 1 / Double(max(1, mean.shape[0])))
    }

    /// A draw from N(mean, exp(log-variance)).
    package static func sample<S: TensorScalar>(_ mean: Tensor<S>, _ logVariance: Tensor<S>, _ random: inout RandomSource) throws -> Tensor<S> {
        try mean + (logVariance * 0.5).exp() * Tensor<S>.normal(mean.shape, from: &random)
    }

    /// Ada-GVAE (Locatello et al. 2020): d_i is twice the KL of the posteriors of a pair in latent i; a latent whose d lies above the middle between the
    /// largest and the least changed and stays, every other one gets the pair's common mean and variance in both images.
    /// - Returns: the posteriors of both images after that, and the d.
    package static func aggregated<S: TensorScalar>(_ mean0: Tensor<S>, _ logVariance0: Tensor<S>, _ mean1: Tensor<S>, _ logVariance1: Tensor<S>) throws
        -> (mean0: Tensor<S>, mean1: Tensor<S>, logVariance0: Tensor<S>, logVariance1: Tensor<S>, distances: Tensor<S>) {
        let (a, la, b, lb) = (mean0.detached(), logVariance0.detached(), mean1.detached(), logVariance1.detached())
        let distances = try (la - lb).exp() + (b - a).squared() * (-lb).exp() - 1 + lb - la
        let middle = try (distances.maximum(axis: 1, keepingAxis: true) + distances.minimum(axis: 1, keepingAxis: true)) * 0.5
        let stays = try Tensor.isGreater(distances, middle)
        let mean = try (mean0 + mean1) * 0.5, logVariance = try ((logVariance0.exp() + logVariance1.exp()) * 0.5).log()
        return (try .select(stays, mean0, mean), try .select(stays, mean1, mean), try .select(stays, logVariance0, logVariance), try .select(stays, logVariance1, logVariance), distances)
    }

    /// SlowVAE (Klindt et al. 2021): the cross-entropy of N(d, s^2) with a Laplace prior of this rate, for each element:
    /// -log(rate / 2) + rate s sqrt(2 / pi) exp(-d^2 / (2 s^2)) - rate d (1 - 2 Phi(d / s)), s = exp(log-variance / 2).
    package static func laplaceCrossEntropy<S: TensorScalar>(_ d: Tensor<S>, _ logVariance: Tensor<S>, rate: Double) throws -> Tensor<S> {
        let s = try (logVariance * 0.5).exp(), share = try d / s
        let bell = try s * (share.squared() * -0.5).exp() * (rate * (2 / Double.pi).squareRoot())
        // d Phi(d / s) is s times the Gaussian unit x Phi(x) at d / s.
        return try (bell - (d - s * share.gelu() * 2) * rate).scaled(by: 1, plus: -log(rate / 2))
    }

    /// The entropy of N(., exp(log-variance)) for each element.
    package static func entropy<S: TensorScalar>(_ logVariance: Tensor<S>) throws -> Tensor<S> { try logVariance.scaled(by: 0.5, plus: 0.5 * log(2 * Double.pi * M_E)) }

    /// What SlowVAE adds for its pairs: both Laplace terms less ONE entropy, as published.
    package static func slowness<S: TensorScalar>(_ mean0: Tensor<S>, _ logVariance0: Tensor<S>, _ mean1: Tensor<S>, _ logVariance1: Tensor<S>, rate: Double) throws -> Tensor<S> {
        let pairs = 1 / Double(max(1, mean0.shape[0])), d = try mean0 - mean1
        let both = try (laplaceCrossEntropy(d, logVariance0, rate: rate) + laplaceCrossEntropy(-d, logVariance1, rate: rate)).sum() * pairs
        return try both - (entropy(logVariance0) + entropy(logVariance1)).sum() * (0.5 * pairs)
    }

    /// PCL (Hyvärinen and Morioka 2017): - sum |w a + v b + c| + sum a^2 + m, one number a pair.
    package static func contrastScores<S: TensorScalar>(_ a: Tensor<S>, _ b: Tensor<S>, w: Tensor<S>, v: Tensor<S>, c: Tensor<S>, m: Tensor<S>) throws -> Tensor<S> {
        try a.squared().sum(axes: [1]) - (a * w + b * v + c).absolute().sum(axes: [1]) + m
    }

    /// Logistic loss of telling true pairs (now, before) from pairs whose earlier image belongs to the pair before in the batch.
    /// - Returns: the loss, and the share of the pairs that are told right.
    package static func contrast<S: TensorScalar>(_ now: Tensor<S>, _ before: Tensor<S>, w: Tensor<S>, v: Tensor<S>, c: Tensor<S>, m: Tensor<S>) throws -> (loss: Tensor<S>, accuracy: Double) {
        let positive = try contrastScores(now, before, w: w, v: v, c: c, m: m), negative = try contrastScores(now, before.rolled(axis: 0, by: 1), w: w, v: v, c: c, m: m)
        let right = positive.scalars.count { $0 > 0 } + negative.scalars.count { $0 <= 0 }
        return (try ((-positive).softplus() + negative.softplus()).mean() * 0.5, Double(right) / Double(max(1, 2 * positive.count)))
    }
}
