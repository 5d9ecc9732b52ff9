/// Sizes of a recurrent predictor.
package struct PredictorWidths: Sendable, Equatable, Codable {
    package var history: Int, edge: Int, decoder: Int
    /// K, the values of the discrete latent.
    package var modes: Int
    package init(history: Int = 32, edge: Int = 32, decoder: Int = 64, modes: Int = 3) { (self.history, self.edge, self.decoder, self.modes) = (history, edge, decoder, modes) }
}
