/** The log of administrators' actions. */
export const actionTexts = {
  view_actions: { en: 'Actions', 'zh-CN': '操作' },
  actionsTitle: { en: 'Action log', 'zh-CN': '操作记录' },
  actionsEmpty: { en: 'No actions yet.', 'zh-CN': '暂无操作记录。' },
  actionUser: { en: 'User', 'zh-CN': '操作者' },
  actionWhat: { en: 'Action', 'zh-CN': '操作' },
  actionTarget: { en: 'Target', 'zh-CN': '对象' },
  action_createStock: { en: 'Created a stock', 'zh-CN': '新建商品' },
  action_updateStock: { en: 'Changed a stock', 'zh-CN': '修改商品' },
  action_removeStock: { en: 'Removed a stock', 'zh-CN': '删除商品' },
  action_refundOrder: { en: 'Refunded an order', 'zh-CN': '订单退款' },
  action_refundStock: { en: 'Refunded orders of a stock', 'zh-CN': '商品订单批量退款' },
  action_exportOrders: { en: 'Exported orders', 'zh-CN': '导出订单' },
  action_startAudit: { en: 'Started an audit', 'zh-CN': '开始审计' },
  action_cancelAudit: { en: 'Cancelled an audit', 'zh-CN': '取消审计' },
  action_startExperiment: { en: 'Started an experiment', 'zh-CN': '开始实验' },
};
