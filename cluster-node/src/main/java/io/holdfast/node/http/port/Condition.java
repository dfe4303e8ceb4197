package io.holdfast.node.http.port;

/// A condition on an attribute of a catalog's records.
///
/// @param attribute the attribute's name
/// @param operator how to compare
/// @param value what with: text, a number or `true`/`false`, as the attribute's kind asks
public record Condition(String attribute, Operator operator, String value) {
    /// How to compare.
    public enum Operator {
        EQUAL("="),
        NOT_EQUAL("!="),
        AT_LEAST(">="),
        AT_MOST("<="),
        GREATER(">"),
        LESS("<");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }

        /// Whether a comparison with this result satisfies the operator.
        public boolean accepts(int comparison) {
            return switch (this) {
                case EQUAL -> comparison == 0;
                case NOT_EQUAL -> comparison != 0;
                case AT_LEAST -> comparison >= 0;
                case AT_MOST -> comparison <= 0;
                case GREATER -> comparison > 0;
                case LESS -> comparison < 0;
            };
        }
    }
}
